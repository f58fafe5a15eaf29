"""`python -m sentio_bridge` is `sentio`."""

from sentio_bridge.cli.app import main

main()
