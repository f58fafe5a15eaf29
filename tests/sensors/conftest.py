"""After a test of a sensor no thread of its source is left."""

from tests.threads import threads_end

__all__ = ["threads_end"]
