"""Heart-rate straps that speak the standard Bluetooth LE heart rate service."""
