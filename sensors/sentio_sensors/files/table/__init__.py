"""Tables of numbers as text: layout, times, columns, streams."""
