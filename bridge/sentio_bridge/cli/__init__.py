"""Command line, one file per command; each file has ``register(app)``."""
