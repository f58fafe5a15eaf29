"""`python -m sentio_bridge` is `sentio`."""

from sentio_bridge.cli import main

main()
