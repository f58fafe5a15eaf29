"""How the shipped weights were fitted: the library behind ``models/train/`` (extra ``train``)."""
