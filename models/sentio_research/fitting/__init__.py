"""Fit the shipped weights: the library behind ``sentio_research.train`` (extra ``train``)."""
