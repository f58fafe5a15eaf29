"""The deterministic core: commands in, messages out; pure."""
