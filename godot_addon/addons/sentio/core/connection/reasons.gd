class_name SentioReasons
extends RefCounted
## Texts for failed connections, with what to do.


## Why a link failed with [param code], see [SentioLink]; [param detail] comes from the peer.
static func link(code: String, detail: String, where: String, token: bool) -> String:
	match code:
		"unreachable":
			return "sidecar not running at %s: start it with 'sentio run'" % where
		"silent":
			return "the sidecar at %s does not respond; trying again" % where
		"lost", "slow":
			return "the sidecar at %s is gone; trying again" % where
		"mechanism":
			return _mechanism(detail, token)
		"refused":
			return (
				"token refused: set that of the sidecar's configuration, "
				+ "or start the sidecar as the same user"
			)
		"timeout", "hung_up":
			if token:
				return "no handshake with %s: is the token right, and is it a sidecar?" % where
			return "no handshake with %s: is it a sidecar?" % where
		"signature", "socket_type":
			return "another program listens at %s: check host and ports" % where
		"version":
			return "the peer at %s uses an old version of ZeroMQ: %s" % [where, detail]
	return "the peer at %s is not a sidecar (%s): %s" % [where, code, detail]


## The sidecar uses another major version of the protocol.
static func version(found: Variant) -> String:
	if found is int and found > SentioWire.VERSION:
		return (
			"version %d needed, this addon has %d: update the addon" % [found, SentioWire.VERSION]
		)
	return (
		"the sidecar has version %s, this addon %d: update the sidecar (pip install -U sentio-affect)"
		% [found, SentioWire.VERSION]
	)


static func _mechanism(found: String, token: bool) -> String:
	if found == "PLAIN":
		return "the sidecar requires a token: set it in the SentioConnection"
	if token and found == "NULL":
		return "a token is set, but the sidecar has none: clear it, or set it there too"
	return (
		"the sidecar requires the mechanism %s, which this addon does not support" % found.left(20)
	)
