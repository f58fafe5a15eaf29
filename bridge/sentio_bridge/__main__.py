"""Run `python -m sentio_bridge` as the command `sentio`."""

from sentio_bridge.cli.app import main

main()
