"""Video and sound files beside a recording."""
