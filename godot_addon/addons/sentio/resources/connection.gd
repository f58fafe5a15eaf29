@icon("../icons/client.svg")
class_name SentioConnection
extends Resource
## Where the sidecar is, and how patient to be with it. The defaults are the sidecar's own.

## The sidecar's machine; it serves loopback addresses only.
@export var host := "127.0.0.1"
## Where state and events are published.
@export_range(1, 65535) var state_port := 28700
## Where requests are answered.
@export_range(1, 65535) var control_port := 28701
## The token of the sidecar's configuration; empty where it asks for none. Keep it out of what you
## publish: set it at run time.
@export var token := ""

@export_group("Patience")
## How long a request waits for its answer.
@export_range(0.1, 30.0, 0.1, "suffix:s") var request_timeout := 2.0
## A connection that has not greeted by then is given up.
@export_range(0.5, 10.0, 0.1, "suffix:s") var handshake_timeout := 3.0
## A silent sidecar is asked after this time whether it is there.
@export_range(0.2, 10.0, 0.1, "suffix:s") var ping_after := 1.0
## A sidecar that was silent for so long, though asked, is lost.
@export_range(0.5, 30.0, 0.1, "suffix:s") var silence_limit := 3.0
## The longest wait between two tries to connect.
@export_range(0.1, 10.0, 0.1, "suffix:s") var longest_wait := 0.8
## A state older than this is dropped: it tells of a person some moments ago.
@export_range(0.1, 10.0, 0.1, "suffix:s") var oldest_state := 1.0


## The address of the state socket, for a person.
func where() -> String:
	return "%s:%d" % [host, state_port]


## The limits of one link.
func limits() -> SentioLinkLimits:
	var limits_of_link := SentioLinkLimits.new()
	limits_of_link.handshake_timeout = handshake_timeout
	limits_of_link.ping_after = ping_after
	limits_of_link.silence_limit = silence_limit
	limits_of_link.longest_wait = longest_wait
	return limits_of_link


## A link of a socket of type [param socket], see [SentioZmtp], to [param port].
func link_to(port: int, socket: String, topics: Array[PackedByteArray] = []) -> SentioLink:
	return SentioLink.new(host, port, socket, token, topics, limits())


## A way to ask the sidecar.
func control() -> SentioControl:
	return SentioControl.new(link_to(control_port, "DEALER"), token, request_timeout)
