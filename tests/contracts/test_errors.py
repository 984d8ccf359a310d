from servery.api.problems import PROBLEMS
from servery.errors import ServeryError


def tree(root: type[ServeryError]) -> set[type[ServeryError]]:
    return {root}.union(*(tree(child) for child in root.__subclasses__()))


def test_every_error_has_its_row_among_the_problems() -> None:
    assert tree(ServeryError) == set(PROBLEMS)


def test_a_slug_means_one_status_and_one_title() -> None:
    slugs = {slug for _, slug, _ in PROBLEMS.values()}
    assert len({(slug, status, title) for status, slug, title in PROBLEMS.values()}) == len(slugs)
