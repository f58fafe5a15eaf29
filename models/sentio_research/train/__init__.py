"""Train the shipped models: `python -m sentio_research.train.NAME`."""
