"""Analyse many recordings into tables and a page."""
