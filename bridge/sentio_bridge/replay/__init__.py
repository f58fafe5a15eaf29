"""Play recordings through the pipeline again."""
