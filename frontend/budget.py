"""Holds what is fetched before a page works to its budgets: script and styles, compressed."""

import gzip
import re
import sys
from pathlib import Path

DIST = Path(__file__).parent / "dist"
ASSETS = DIST / "assets"
ENGLISH = "en"
FIRST_PAGE_BYTES = 20_000
MODEL_PAGE_BYTES = 34 * 1024
#: Other languages say the same in more letters, or in letters of more bytes.
OTHER_LANGUAGES = 1.1
#: What WhiteNoise compresses becomes smaller than this share of its size.
LEAST_GAIN = 0.95
IMPORT = re.compile(r'(?:from|import)"(\./[^"]+)"')


def start_page() -> set[Path]:
    """Return the files that ``index.html`` names and that are sent compressed, itself included."""
    page = DIST / "index.html"
    named = {DIST / part.removeprefix("./") for part in page.read_text().split('"')}
    return {page, *(path for path in named if path.suffix in {".js", ".css"} and path.is_file())}


def first_page(language: str = ENGLISH) -> set[Path]:
    """Return what is fetched before any page: what is English is fetched with the start."""
    return (
        start_page() if language == ENGLISH else _with_imports(_without_english(), language, "app")
    )


def model_page(language: str = ENGLISH) -> set[Path]:
    """Return what is fetched for a model's page: its form and answer, and all that they import."""
    return _with_imports(first_page(language), language, "ask", "question")


def languages() -> list[str]:
    """Return the languages that the page was built in, English first."""
    return [ENGLISH, *sorted(path.name.split("-")[0] for path in ASSETS.glob("??-app-*.js"))]


def _without_english() -> set[Path]:
    return {path for path in start_page() if not re.match(r"(app|frame)-.*[.]js$", path.name)}


def _with_imports(found: set[Path], language: str, *names: str) -> set[Path]:
    prefix = "" if language == ENGLISH else f"{language}-"
    waiting = [path for name in names for path in ASSETS.glob(f"{prefix}{name}-*.js")]
    waiting += [path for name in names for path in ASSETS.glob(f"{name}-*.css")]
    found = set(found)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [path.parent / name for name in IMPORT.findall(path.read_text())]
    return found


def sent_bytes(path: Path) -> int:
    """Return the size as it is sent; neither the page nor a very small file is compressed."""
    data = path.read_bytes()
    compressed = gzip.compress(data) if path.parent.name == "assets" else data
    is_smaller = len(compressed) < LEAST_GAIN * len(data)
    return len(compressed if is_smaller else data)


def main() -> None:
    """Print the sizes; exit 1 when they are over a budget."""
    for language in languages():
        allowance = 1 if language == ENGLISH else OTHER_LANGUAGES
        pages = (
            (first_page(language), FIRST_PAGE_BYTES),
            (model_page(language), MODEL_PAGE_BYTES),
        )
        for files, budget_bytes in pages:
            _hold(files, int(allowance * budget_bytes), is_detailed=language == ENGLISH)


def _hold(files: set[Path], budget_bytes: int, *, is_detailed: bool) -> None:
    sizes = {path: sent_bytes(path) for path in sorted(files)}
    for path, size_bytes in sizes.items() if is_detailed else ():
        print(f"{size_bytes:7,} bytes  {path.relative_to(DIST)}")
    total = sum(sizes.values())
    print(f"{total:7,} bytes of {budget_bytes:,}")
    if total > budget_bytes:
        sys.exit("The first load is over its budget.")


if __name__ == "__main__":
    main()
