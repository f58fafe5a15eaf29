"""Write and read XDF."""
