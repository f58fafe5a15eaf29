class_name SentioLinkLimits
extends RefCounted
## How patient a [SentioLink] is, in seconds.

## A connection that has not greeted by then is given up (PROTOCOL.md, section 1).
var handshake_timeout := 3.0
## A peer that was silent for so long is asked whether it is there.
var ping_after := 1.0
## A peer that was silent for so long, though asked, is lost.
var silence_limit := 3.0
## The wait before the second try to connect; doubles from there.
var first_wait := 0.1
## The longest wait: a restarted sidecar is found within a second.
var longest_wait := 0.8
