"""Write the files of this folder: a small recording, and a frame file for engines.

python examples/recordings/make.py [FOLDER]

Both are simulated with a fixed seed; only id and wall time differ.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.offline_session import live
from sentio_bridge.protocol.frame_file import encode, thinned
from sentio_bridge.protocol.timed_message import TimedMessage
from sentio_bridge.replay.engine import frames
from sentio_recording.recording import Recording
from sentio_recording.repair import verify


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        purposes = '["adapt", "record", "record_raw"]'
        _, folder = live(Path(temporary), "demo", 7, 12.0, purposes)
        if not verify(folder).ok:
            raise SystemExit("the recording is damaged")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
        _, longer = live(Path(temporary), "demo", 8, 75.0, purposes)
        with Recording(longer) as recording:
            sent = (TimedMessage(s.time, s.message) for s in frames(recording))
            parts = b"".join(encode(thinned(sent, 7.0)))
        target.with_suffix(".frames").write_bytes(parts)
    size = sum(f.stat().st_size for f in target.iterdir())
    print(f"{target}: {size / 1e6:.2f} MB, frames {len(parts) / 1e6:.2f} MB")


if __name__ == "__main__":
    here = Path(__file__).parent
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else here / "simulated")
