"""Recordings in the forms that other programs read; each imports its library when it is used."""
