"""Take files, network and memory from a process that runs a user's model.

Resource limits work where Python has ``resource`` (Linux, macOS); the filter of system calls is
Linux on x86-64 and ARM64 only. Where one is missing the other remains, and the process itself.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from pathlib import Path

HEADROOM = 1024**3
"""Bytes of address space beyond what Python and onnxruntime use: models have at most 64 MB."""

_NAMES = (
    "read", "write", "close", "fstat", "lseek", "poll", "mmap", "mprotect", "munmap", "brk",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sched_yield", "mremap", "madvise",
    "nanosleep", "getpid", "getppid", "exit", "gettid", "futex", "clock_gettime",
    "clock_nanosleep", "exit_group", "getrandom", "sched_getaffinity", "restart_syscall",
    "set_robust_list", "rseq",
)  # fmt: skip
"""System calls that remain: computing, waiting, open pipes, and the end of the process."""

_NUMBERS = {
    "x86_64": (
        0xC000003E, 317,
        (0, 1, 3, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 35, 39, 110, 60, 186, 202, 228,
         230, 231, 318, 204, 219, 273, 334),
    ),
    "aarch64": (
        0xC00000B7, 277,
        (63, 64, 57, 80, 62, 73, 222, 226, 215, 214, 134, 135, 139, 124, 216, 233, 101, 172, 173,
         93, 178, 98, 113, 115, 94, 278, 123, 128, 99, 293),
    ),
}  # fmt: skip
"""By machine: audit architecture, number of ``seccomp``, and the numbers of ``_NAMES``."""

_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
"""Results of the filter: run it, fail with EPERM, end the process."""

_NO_NEW_PRIVILEGES, _MODE_FILTER, _ALL_THREADS = 38, 1, 1


def limit(memory: int = HEADROOM) -> bool:
    """Limit address space, files and core dumps of this process for good.

    Args:
        memory: Bytes beyond what the process uses now.

    Returns:
        Whether the system has such limits.
    """
    try:
        import resource
    except ImportError:  # Windows
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return True


def restrict() -> bool:
    """Refuse every system call but those of ``_NAMES``, in all threads, for good.

    Everything that is imported or opened later fails: import it before.

    Returns:
        Whether the system has such a filter and accepted it.
    """
    known = _NUMBERS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, call, numbers = known
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL)]
    steps.append((_LOAD, 0, 0, 0))
    for number in numbers:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, _REFUSE))
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("count", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    filled = Program(len(steps), ctypes.addressof(program))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.syscall(call, _MODE_FILTER, _ALL_THREADS, ctypes.byref(filled)) == 0)
