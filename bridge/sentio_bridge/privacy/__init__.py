"""Consent receipts, audit, and what is kept of a person."""
