"""Pictures: where frames come from, how they are decoded and whether they are worth anything."""
