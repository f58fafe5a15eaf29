"""Export recordings to other formats; each imports its library when used."""
