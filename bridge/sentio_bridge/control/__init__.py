"""Control requests and their handlers, one file a topic."""
