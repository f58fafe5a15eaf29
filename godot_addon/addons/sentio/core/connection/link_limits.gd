class_name SentioLinkLimits
extends RefCounted
## Time limits of a [SentioLink], in seconds.

## Time limit of the handshake (PROTOCOL.md, section 1).
var handshake_timeout := 3.0
## A peer without traffic for this time gets a PING.
var ping_after := 1.0
## A peer without traffic for this time, despite a PING, is dropped. A busy or stopped sidecar keeps
## its connection, because events that it sends during a reconnection are lost.
var silence_limit := 20.0
## Delay before the second attempt to connect; doubles from there.
var first_wait := 0.1
## Longest delay: a restarted sidecar is found within a second.
var longest_wait := 0.8
