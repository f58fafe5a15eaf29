"""Write a running session to a recording."""
