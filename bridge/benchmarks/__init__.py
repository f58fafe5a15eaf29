"""Measures what docs/benchmarks.md states: one file a suite, each with ``run()``."""
