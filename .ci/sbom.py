"""Write the bill of materials of a release as CycloneDX JSON.

It lists the sidecar with its CPU runtime; the other extras are in `pyproject.toml`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from set_version import ROOT, SOURCE, read


def build(folder: Path) -> Path:
    """Run cyclonedx-py on the requirements; return the file in `folder`."""
    version = read()[SOURCE[0]]
    target = folder / f"sentio-affect-{version}.cdx.json"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py"]
    command += ["requirements", "requirements/run.txt"]
    command += ["--pyproject", "pyproject.toml", "--mc-type", "application"]
    command += ["--output-reproducible", "--output-format", "JSON", "--output-file", str(target)]
    subprocess.run(command, cwd=ROOT, check=True)
    bill = json.loads(target.read_text(encoding="utf-8"))
    bill["metadata"]["component"]["version"] = (
        version  # pyproject.toml reads the version from a file
    )
    target.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    return target


if __name__ == "__main__":
    print(build(ROOT / "dist").relative_to(ROOT))
