"""From estimates to one affect state: fusion, norms, mood, appraisal; pure."""
