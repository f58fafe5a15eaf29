"""Evaluate, fit and train the shipped models; not part of the wheel."""
