"""Heart-rate straps with the standard Bluetooth LE heart rate service."""
