"""ZeroMQ sockets and their ports; the only importer of zmq."""
