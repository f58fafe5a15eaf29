"""What runs around every source: supervision, checks, queues."""
