"""Holds the first load to its budget: the page, its script and its styles, compressed."""

import sys
from pathlib import Path

BUDGET_BYTES = 40_000
DIST = Path(__file__).parent / "dist"


def first_load() -> list[Path]:
    """Return the files that ``index.html`` names and that are sent compressed."""
    page = DIST / "index.html"
    named = [DIST / part.removeprefix("./") for part in page.read_text().split('"')]
    return [page, *(path for path in named if path.suffix in {".js", ".css"} and path.is_file())]


def main() -> None:
    """Print the sizes; exit 1 when they are over the budget."""
    sizes = {path: Path(f"{path}.gz").stat().st_size for path in first_load()}
    for path, size_bytes in sizes.items():
        print(f"{size_bytes:7,} bytes  {path.relative_to(DIST)}")
    total = sum(sizes.values())
    print(f"{total:7,} bytes of {BUDGET_BYTES:,}")
    if total > BUDGET_BYTES:
        sys.exit("The first load is over its budget.")


if __name__ == "__main__":
    main()
