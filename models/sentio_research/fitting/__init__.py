"""Fit the shipped weights; used by ``sentio_research.train`` (extra ``train``)."""
