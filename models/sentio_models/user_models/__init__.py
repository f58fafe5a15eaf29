"""Models that users bring: inspect, check and run them."""
