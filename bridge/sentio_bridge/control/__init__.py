"""Control requests and their handlers, one file per topic."""
