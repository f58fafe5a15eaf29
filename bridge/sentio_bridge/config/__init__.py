"""Read and check the configuration."""
