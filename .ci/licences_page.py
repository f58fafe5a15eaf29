"""Write `docs/licences.md`: the licence of every locked release.

    python .ci/licences_page.py [--check]

Licences come from the metadata of the installed distributions, which must be those of
`requirements/run.txt`.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT / ".ci"), str(ROOT / ".ci" / "bundle")]

from audit import pinned  # noqa: E402
from licences import of_distribution  # noqa: E402

PAGE = ROOT / "docs" / "licences.md"

HEAD = """\
# Licences
Sentio is under the MIT licence. This is the licence that each locked release of \
`requirements/run.txt` states about itself: what `make run` installs. What a bundle for players \
contains, with native libraries, is in [shipping.md](shipping.md); the data of the models in \
[models.md](models.md). `python .ci/licences_page.py` writes this page from the installed \
distributions, and a test compares it. The bill of materials of a release is made by `make \
sbom`.

| distribution | version | licence |
|---|---|---|
"""


def page() -> str:
    """Return the page.

    A release that is not installed on this platform keeps its entry.

    Raises:
        SystemExit: A locked release is neither installed nor on the page.
    """
    rows = []
    for name, versions in sorted(pinned([ROOT / "requirements" / "run.txt"]).items()):
        for version in sorted(versions):
            rows.append(f"| {name} | {version} | {_licence(name, version, versions)} |")
    return HEAD + "\n".join(rows) + "\n"


def _licence(name: str, version: str, locked: set[str]) -> str:
    """Return what the installed one of the locked releases states."""
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return _kept(name, version)
    if distribution.version not in locked:
        return _kept(name, version)
    return of_distribution(distribution).licence


def _kept(name: str, version: str) -> str:
    """Return the page's entry of a release that is not installed on this platform."""
    if PAGE.exists():
        for line in PAGE.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if cells[:2] == [name, version]:
                return cells[2]
    raise SystemExit(f"{name} {version} is not installed: make creates it in .venv")


if __name__ == "__main__":
    written = page()
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != written)
    PAGE.write_text(written, encoding="utf-8")
