"""Audio input: devices, files, resampling, time stamps and quality checks."""
