"""Encrypt recordings and profiles, each person's part with a key of its own."""
