"""Fail if a test was skipped for a reason that is not on the list.

python .ci/skips.py LIST REPORT...
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(allowed: str, *reports: str) -> int:
    """Print every skip; return 1 if a reason contains no line of the list."""
    lines = Path(allowed).read_text(encoding="utf-8").splitlines()
    known = [line for line in lines if line and not line.startswith("#")]
    bad = 0
    cases = (case for name in reports for case in ElementTree.parse(name).iter("testcase"))
    for case in cases:
        for skip in case.iter("skipped"):
            # If a whole file is skipped, the reason is in the text.
            reason = f"{skip.get('message', '')} {skip.text or ''}".strip()
            fine = any(line in reason for line in known)
            bad += not fine
            print(f"{'allowed' if fine else 'NOT ALLOWED'}: {case.get('name')}: {reason}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
