"""Distribution of the tests to the workers of ``pytest -n 4``."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadFileScheduling


class ByFile(LoadFileScheduling):
    """Distribute whole files, whose fixtures are created once.

    Files that take longest start first, so that all workers end together. One worker runs files
    that keep the processor busy while the others run those that mostly wait.
    A folder stays with a worker, because each worker imports the libraries that its files need.
    """

    def remove_node(self, node: Any) -> str | None:
        """Remove a worker; return the test that it crashed in, None if it had ended.

        The base class gives the files of a crashed worker to the others, also those that are
        complete. A worker that receives only such a file never reports a test, gets nothing
        more, and the run does not end. It also repeats the test that crashed.
        """
        files = self.assigned_work.pop(node)
        pending = [(file, test) for file in files for test, done in files[file].items() if not done]
        if not pending:
            return None
        file, crashed = pending[0]
        files[file][crashed] = True
        self.workqueue.update(
            {file: tests for file, tests in files.items() if not all(tests.values())}
        )
        for other in self.assigned_work:
            self._reschedule(other)
        return crashed

    def _reschedule(self, node: Any) -> None:
        """Give a worker more files, or state that there are none.

        A worker starts a test only once it has the next one, or knows that there is none. The
        base class may leave a worker that replaces another with a single test.
        """
        super()._reschedule(node)
        while not node.shutting_down and self._pending_of(self.assigned_work[node]) < 2:
            super()._reschedule(node)

    def _assign_work_unit(self, node: Any) -> None:
        if self.workqueue:
            self.workqueue.move_to_end(self._next_for(node), last=False)
        try:
            super()._assign_work_unit(node)
        except OSError:  # the worker has just ended, which is reported next
            scope, tests = self.assigned_work[node].popitem()
            self.workqueue[scope] = tests
            node.shutdown()

    def _next_for(self, node: Any) -> str:
        """Return the file that a worker starts next."""
        others = [
            [file for file, tests in files.items() if not all(tests.values())]
            for worker, files in self.assigned_work.items()
            if worker is not node
        ]
        busy_first = sum(any(map(_waits, files)) for files in others) >= self.numnodes - 1 > 0
        before = _folder(next(reversed(self.assigned_work[node]), ""))
        taken = {_folder(file) for files in others for file in files}

        def order(file: str) -> tuple[bool, int, bool, bool]:
            folder = _folder(file)
            return _waits(file) == busy_first, _rank(file), folder != before, folder in taken

        return min(self.workqueue, key=order)


LONGEST = (
    "tests/integration/test_godot_plays.py",
    "tests/benchmarks/faults/",
    "tests/integration/test_godot_flashes.py",
    "tests/integration/test_godot_demo.py",
    "tests/docs/test_defences_out.py",
    "tests/integration/test_godot.py",
)
"""Files that take minutes, longest first."""

WAITING = (
    "tests/integration/",
    "tests/unity/",
    "tests/benchmarks/faults/",
    "tests/benchmarks/hostile/",
    "tests/bridge/cli/test_ending.py",
    "tests/bridge/transport/test_remote.py",
    "tests/docs/test_defences_out.py",
    "tests/models/user_models/test_remote_session.py",
    "tests/sensors/brainflow/test_source.py",
    "tests/sensors/camera/test_rtsp.py",
    "tests/sensors/lsl/test_source.py",
    "tests/sensors/microphone/test_source.py",
    "tests/sensors/runtime/test_supervisor.py",
    "tests/test_distribution.py",
    "tests/test_run_limit.py",
)
"""Files that take several times as long as they use the processor."""


def _waits(file: str) -> bool:
    """Return whether the tests of a file mostly wait: for processes, devices or time."""
    return file.startswith(WAITING)


def _folder(file: str) -> str:
    return file.rpartition("/")[0]


def _rank(file: str) -> int:
    """Return the place of a file in the order of starting."""
    for place, longest in enumerate(LONGEST):
        if file.startswith(longest):
            return place
    return len(LONGEST) + (not _waits(file))
