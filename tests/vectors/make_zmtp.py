"""Record ZMTP byte streams of a real libzmq, or compare (--check).

The client's bytes are written here by hand, as our clients must write them; the peer's bytes are
the replies of libzmq. Hostile streams are written by hand on both sides.

Our clients first send only signature and version, and the rest after they have received the peer's
mechanism: libzmq closes the connection for another mechanism, often before it has sent its own
greeting, so a client that sent everything at once could not distinguish a missing token from a
broken connection.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from zmtp_hostile import hostile
from zmtp_recorded import recorded

HERE = Path(__file__).parent / "zmtp"


def main() -> int:
    """Write or check every file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    HERE.mkdir(exist_ok=True)
    stale = []
    for name, stream in [*recorded(), *hostile()]:
        text = json.dumps(stream, indent=1) + "\n"
        path = HERE / f"{name}.json"
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale.append(path.name)
        if not check:
            path.write_text(text, encoding="utf-8")
    if stale:
        print("files differ from the recording:", ", ".join(stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
