"""Read, check and describe the configuration."""
