"""Run many recordings at once and collect tables and a page."""
