@icon("../icons/client.svg")
class_name SentioConnection
extends Resource
## Address of the sidecar, and time limits. The defaults match the sidecar's.

## The sidecar's host; it serves loopback addresses only.
@export var host := "127.0.0.1"
## Port of states and events.
@export_range(1, 65535) var state_port := 28700
## Port of requests.
@export_range(1, 65535) var control_port := 28701
## A token of the sidecar's configuration; empty for the one of this game's launcher, or of the
## user's token file. Keep it out of what you publish: set it at run time.
@export var token := ""

@export_group("Time limits")
## Time limit of a request.
@export_range(0.1, 30.0, 0.1, "suffix:s") var request_timeout := 2.0
## Time limit of the handshake.
@export_range(0.5, 10.0, 0.1, "suffix:s") var handshake_timeout := 3.0
## A sidecar without traffic for this time gets a PING.
@export_range(0.2, 10.0, 0.1, "suffix:s") var ping_after := 1.0
## A sidecar without traffic for this time, despite a PING, is dropped; events that it sends until
## the next connection are missed.
@export_range(0.5, 60.0, 0.1, "suffix:s") var silence_limit := 20.0
## Longest delay between two attempts to connect.
@export_range(0.1, 10.0, 0.1, "suffix:s") var longest_wait := 0.8
## States older than this are dropped.
@export_range(0.1, 10.0, 0.1, "suffix:s") var oldest_state := 1.0

## The token of a sidecar that a [SentioLauncher] of this game has started.
var launched := SentioLaunchToken.new()


## The address of the state socket, for messages.
func address() -> String:
	return "%s:%d" % [host, state_port]


## Deprecated: the former name of [method address]; to be removed in the next version.
func where() -> String:
	SentioDeprecated.warn("SentioConnection.where()", "address()")
	return address()


## The time limits of a link.
func limits() -> SentioLinkLimits:
	var limits_of_link := SentioLinkLimits.new()
	limits_of_link.handshake_timeout = handshake_timeout
	limits_of_link.ping_after = ping_after
	limits_of_link.silence_limit = silence_limit
	limits_of_link.longest_wait = longest_wait
	return limits_of_link


## A link to [param port] for a socket of type [param socket], see [SentioZmtp].
func link_to(port: int, socket: String, topics: Array[PackedByteArray] = []) -> SentioLink:
	return SentioLink.new(host, port, socket, token, topics, limits(), launched)


## A control connection for requests.
func control() -> SentioControl:
	return SentioControl.new(link_to(control_port, "DEALER"), token, request_timeout)
