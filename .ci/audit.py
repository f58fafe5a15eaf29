"""Look up the locked requirements in a local file of known vulnerabilities.

    python .ci/audit.py ADVISORIES [REQUIREMENTS ...]

ADVISORIES is a JSON file (OSV format) of one or several advisories, a folder of such files, or a
zip of them, such as the export of the PyPI ecosystem that osv.dev publishes. Nothing is
downloaded. The exit code is 1 if a locked release is affected, 2 if the advisories cannot be used.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


class AuditError(Exception):
    """The advisories cannot be used."""


@dataclass(frozen=True, order=True)
class Finding:
    """One affected release.

    Attributes:
        package: Normalised name.
        version: Locked version.
        advisory: Id, for example ``GHSA-...`` or ``PYSEC-...``.
        fixed: First versions that are not affected; may be empty.
        summary: One line.
    """

    package: str
    version: str
    advisory: str
    fixed: str
    summary: str


def normalised(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(files: Iterable[Path]) -> dict[str, set[str]]:
    """Return the locked versions by normalised name."""
    found: dict[str, set[str]] = {}
    for file in files:
        for name, version in PIN.findall(file.read_text(encoding="utf-8")):
            found.setdefault(normalised(name), set()).add(version)
    return found


def advisories(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the advisories of a file, folder or zip.

    Raises:
        AuditError: There is none, or one is not in the OSV format.
    """
    count = 0
    for name, text in _texts(path):
        try:
            read = json.loads(text)
        except ValueError as error:
            raise AuditError(f"{name} is not JSON: {error}") from None
        for advisory in read if isinstance(read, list) else [read]:
            if not isinstance(advisory, dict) or not isinstance(advisory.get("id"), str):
                raise AuditError(f"{name} is not in the OSV format: an advisory has no id")
            count += 1
            yield advisory
    if not count:
        raise AuditError(f"{path} contains no advisory")


def affected(advisory: dict[str, Any], package: str, version: str) -> tuple[bool, list[str]]:
    """Return whether an advisory affects a release, and the fixed versions."""
    hit, fixed = False, []
    for part in advisory.get("affected", ()):
        about = part.get("package", {})
        if about.get("ecosystem") != "PyPI" or normalised(about.get("name", "")) != package:
            continue
        ranges = [r for r in part.get("ranges", ()) if r.get("type") in ("ECOSYSTEM", "SEMVER")]
        if version in part.get("versions", ()) or any(
            _within(r["events"], version) for r in ranges
        ):
            hit = True
            fixed += [e["fixed"] for r in ranges for e in r["events"] if "fixed" in e]
    return hit, fixed


def audit(path: Path, locked: dict[str, set[str]]) -> list[Finding]:
    """Return every locked release that an advisory affects."""
    findings = set()
    for advisory in advisories(path):
        if advisory.get("withdrawn"):
            continue
        names = {
            normalised(part.get("package", {}).get("name", ""))
            for part in advisory.get("affected", ())
        }
        for name in names & set(locked):
            for version in locked[name]:
                hit, fixed = affected(advisory, name, version)
                if hit:
                    summary = str(advisory.get("summary") or advisory.get("details") or "")
                    line = summary.strip().splitlines()[0][:120] if summary.strip() else ""
                    findings.add(
                        Finding(name, version, advisory["id"], ", ".join(sorted(set(fixed))), line)
                    )
    return sorted(findings)


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield file.name, file.read_text(encoding="utf-8")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield name, archive.read(name).decode("utf-8")
    elif path.is_file():
        yield path.name, path.read_text(encoding="utf-8")
    else:
        raise AuditError(
            f"{path} does not exist: download the advisories of the PyPI ecosystem from osv.dev "
            "and give their place, make audit ADVISORIES=FILE"
        )


def _within(events: Sequence[dict[str, str]], version: str) -> bool:
    """Return whether a version is in a range, whose events are in ascending order."""
    inside = False
    release = Version(version)
    for event in events:
        for kind, bound in event.items():
            if kind == "introduced":
                inside = inside or bound == "0" or release >= _version(bound)
            elif kind == "fixed" and release >= _version(bound):
                inside = False
            elif kind == "last_affected" and release > _version(bound):
                inside = False
    return inside


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        raise AuditError(f"{text!r} is not a version of a Python release") from None


def main(arguments: Sequence[str]) -> int:
    """Print the findings; return the exit code."""
    if not arguments or not arguments[0]:
        print(__doc__)
        return 2
    files = [Path(name) for name in arguments[1:]] or sorted((ROOT / "requirements").glob("*.txt"))
    locked = pinned(files)
    try:
        findings = audit(Path(arguments[0]), locked)
    except AuditError as error:
        print(f"audit: {error}", file=sys.stderr)
        return 2
    for f in findings:
        fix = f"fixed in {f.fixed}" if f.fixed else "no fixed version is known"
        print(f"{f.package} {f.version}: {f.advisory}, {fix}. {f.summary}")
    releases = sum(map(len, locked.values()))
    print(f"{len(findings)} known vulnerabilities in {releases} locked releases")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
