"""Holds what is fetched before a page works to its budgets: script and styles, compressed."""

import gzip
import re
import sys
from pathlib import Path

DIST = Path(__file__).parent / "dist"
FIRST_PAGE_BYTES = 20_000
MODEL_PAGE_BYTES = 34 * 1024
#: What WhiteNoise compresses becomes smaller than this share of its size.
LEAST_GAIN = 0.95
IMPORT = re.compile(r'(?:from|import)"(\./[^"]+)"')


def first_page() -> set[Path]:
    """Return the files that ``index.html`` names and that are sent compressed."""
    page = DIST / "index.html"
    named = {DIST / part.removeprefix("./") for part in page.read_text().split('"')}
    return {page, *(path for path in named if path.suffix in {".js", ".css"} and path.is_file())}


def model_page() -> set[Path]:
    """Return what is fetched for a model's page: its form and answer, and all that they import."""
    found = first_page()
    waiting = [*(DIST / "assets").glob("ask-*"), *(DIST / "assets").glob("question-*")]
    waiting = [path for path in waiting if path.suffix in {".js", ".css"}]
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
    pages = ((first_page(), FIRST_PAGE_BYTES), (model_page(), MODEL_PAGE_BYTES))
    for files, budget_bytes in pages:
        sizes = {path: sent_bytes(path) for path in sorted(files)}
        for path, size_bytes in sizes.items():
            print(f"{size_bytes:7,} bytes  {path.relative_to(DIST)}")
        total = sum(sizes.values())
        print(f"{total:7,} bytes of {budget_bytes:,}")
        if total > budget_bytes:
            sys.exit("The first load is over its budget.")


if __name__ == "__main__":
    main()
