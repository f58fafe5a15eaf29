class_name SentioLaunchToken
extends RefCounted
## Token of a sidecar that this game has started (PROTOCOL.md, section 1).
##
## It gives the game the role [code]game[/code] and permits it to end that sidecar. Only the started
## process receives it, in its environment; it is never stored.

const _BYTES := 32

## The token; empty if this game has started no sidecar. Connections read it on their threads.
var value: String:
	get:
		_lock.lock()
		var token := _value
		_lock.unlock()
		return token
	set(token):
		_lock.lock()
		_value = token
		_lock.unlock()

var _lock := Mutex.new()
var _value := ""


## Makes a new random token.
func renew() -> void:
	value = Crypto.new().generate_random_bytes(_BYTES).hex_encode()


## Calls [param start] with the token in the environment of this process, which children inherit.
## Returns its result.
func lend(start: Callable) -> Variant:
	var before := OS.get_environment(SentioTokenFile.VARIABLE)
	OS.set_environment(SentioTokenFile.VARIABLE, value)
	var result: Variant = start.call()
	if before.is_empty():
		OS.unset_environment(SentioTokenFile.VARIABLE)
	else:
		OS.set_environment(SentioTokenFile.VARIABLE, before)
	return result
