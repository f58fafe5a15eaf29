"""The contract of PROTOCOL.md: frames, codec, requests; pure."""
