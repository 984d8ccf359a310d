from servery.api.problems import PROBLEMS, problem_type
from servery.errors import ServeryError, VersionUntrusted


def tree(root: type[ServeryError]) -> set[type[ServeryError]]:
    return {root}.union(*(tree(child) for child in root.__subclasses__()))


def test_every_error_has_the_problem_of_its_nearest_parent_with_a_row() -> None:
    for kind in tree(ServeryError):
        nearest = next(each for each in kind.__mro__ if each in PROBLEMS)
        assert problem_type(kind) == PROBLEMS[nearest]


def test_an_error_without_a_row_has_the_problem_of_its_parent() -> None:
    class SignatureExpired(VersionUntrusted):
        pass

    assert VersionUntrusted not in PROBLEMS
    assert problem_type(SignatureExpired).slug == "model-unusable"


def test_no_row_repeats_that_of_a_parent() -> None:
    for kind in set(PROBLEMS) - {ServeryError}:
        [parent] = kind.__bases__
        assert PROBLEMS[kind] != problem_type(parent), kind


def test_every_row_is_of_an_error_in_the_tree() -> None:
    assert set(PROBLEMS) <= tree(ServeryError)


def test_a_slug_means_one_status_and_one_title() -> None:
    slugs = {row.slug for row in PROBLEMS.values()}
    assert len({row[:3] for row in PROBLEMS.values()}) == len(slugs)
