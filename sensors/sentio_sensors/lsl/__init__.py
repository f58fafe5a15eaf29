"""Lab Streaming Layer inlets and outlets."""
