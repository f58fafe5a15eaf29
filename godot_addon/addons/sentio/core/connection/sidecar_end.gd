class_name SentioSidecarEnd
extends RefCounted
## Ends one started sidecar: by its pipe and a request, and kills it if it does not react.
##
## Lives from [method begin] until the sidecar has ended, also without the node that started it.

## Seconds from the request until the sidecar is killed.
const GRACE := 2.0

var _process: SentioSidecarProcess
var _control: SentioControl
var _kill_at := 0.0


## Ends [param process], which replies to requests by [param control].
func _init(process: SentioSidecarProcess, control: SentioControl) -> void:
	_process = process
	_control = control


## Requests the end and returns at once. In a game that ends too, the sidecar's own look at the game
## does the rest.
func begin() -> void:
	var now := SentioClient.now()
	_kill_at = now + GRACE
	_control.ask("shutdown", {"reason": "its launcher stops"}, now)
	_process.close_pipes()
	_await(self)


func _await(itself: SentioSidecarEnd) -> void:
	var now := SentioClient.now()
	_control.poll(now)
	if now > _kill_at:
		_process.kill()
	var tree := Engine.get_main_loop() as SceneTree
	if tree and _process.is_running():
		# The bound argument keeps this object alive until the next frame.
		tree.process_frame.connect(_await.bind(itself), CONNECT_ONE_SHOT)
	else:
		_control.close()
