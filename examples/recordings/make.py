"""Makes the small recording in this folder: simulated, seeded, new only in id and wall time.

python examples/recordings/make.py [FOLDER]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from sentio_bridge.bench.rehearsal import live
from sentio_sensors.recording.repair import verify


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as room:
        purposes = '["adapt", "record", "record_raw"]'
        _, folder = live(Path(room), "demo", 7, 12.0, purposes)
        if not verify(folder).ok:
            raise SystemExit("the recording is not whole")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
    print(f"{target}: {sum(f.stat().st_size for f in target.iterdir()) / 1e6:.2f} MB")


if __name__ == "__main__":
    here = Path(__file__).parent
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else here / "simulated")
