"""Video and sound files of a recording."""
