"""The version of every part: packages, Godot addon and Unity package.

Typed here and nowhere else by hand: ``.ci/set_version.py`` writes it everywhere.
"""

VERSION = "0.1.0"
