"""From sources to estimates; every thread of the sidecar lives here."""
