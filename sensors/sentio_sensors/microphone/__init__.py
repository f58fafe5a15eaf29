"""Sound: where it comes from, its rate, its time and whether it is worth anything."""
