class_name SentioReasons
extends RefCounted
## Says in a person's words why the sidecar cannot be heard, and what to do.


## Why a link failed with [param code], see [SentioLink]; [param detail] is what the peer said.
static func link(code: String, detail: String, where: String, token: bool) -> String:
	match code:
		"unreachable":
			return "sidecar not running at %s: start it with 'sentio run'" % where
		"lost", "silent", "slow":
			return "the sidecar at %s has gone; trying again" % where
		"mechanism":
			return _mechanism(detail, token)
		"refused":
			return "token refused: set the one of the sidecar's configuration ([sidecar] token)"
		"timeout", "hung_up":
			if token:
				return "no greeting from %s: is the token right, and is it a sidecar?" % where
			return "no greeting from %s: is it a sidecar?" % where
		"signature", "socket_type":
			return "something else listens at %s: check host and ports" % where
		"version":
			return "the peer at %s speaks an old ZeroMQ: %s" % [where, detail]
	return "the peer at %s sent what no sidecar sends (%s): %s" % [where, code, detail]


## Another major version of the protocol was met.
static func version(theirs: Variant) -> String:
	if theirs is int and theirs > SentioWire.VERSION:
		return (
			"version %d needed, this addon speaks %d: update the addon"
			% [theirs, SentioWire.VERSION]
		)
	return (
		"the sidecar speaks version %s, this addon %d: update the sidecar (pip install -U sentio-affect)"
		% [theirs, SentioWire.VERSION]
	)


static func _mechanism(theirs: String, token: bool) -> String:
	if theirs == "PLAIN":
		return "the sidecar wants a token: set it in the SentioConnection"
	if token and theirs == "NULL":
		return "a token is set, but the sidecar knows none: clear it, or set it there too"
	return "the sidecar wants the mechanism %s, which this addon does not speak" % theirs.left(20)
