"""Benchmarks for docs/benchmarks.md, one file per suite."""
