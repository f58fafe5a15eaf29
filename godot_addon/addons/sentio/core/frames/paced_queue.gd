class_name SentioPacedQueue
extends RefCounted
## Bounded queue that the game empties over as many frames as it needs; the oldest are dropped and
## counted.

## Items that were dropped because the queue was full.
var dropped := 0

var _most: int
var _items: Array[Array] = []
var _at := 0


## Holds at most [param most] items.
func _init(most: int) -> void:
	_most = most


## Appends [param items], in order.
func add(items: Array[Array]) -> void:
	if _at > 0:
		_items = _items.slice(_at)
		_at = 0
	_items.append_array(items)
	var over := _items.size() - _most
	if over > 0:
		dropped += over
		_items = _items.slice(over)


## Whether nothing waits.
func is_empty() -> bool:
	return _at >= _items.size()


## Takes the oldest item; the queue must not be empty.
func take() -> Array:
	_at += 1
	return _items[_at - 1]


## Drops what waits, uncounted.
func clear() -> void:
	_items = []
	_at = 0
