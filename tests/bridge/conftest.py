"""After a test of the sidecar's parts none of their threads is left."""

from tests.threads import threads_end

__all__ = ["threads_end"]
