@tool
@icon("../icons/client.svg")
class_name SentioMotionSensor
extends Node
## Sends how head and hands move to the sidecar: input role [code]motion[/code].
##
## Nothing is sent without consent for the sensor [code]motion[/code]. Positions in metres and
## headings relative to the play space; no picture and nothing of the room.

## Channels of a row: head and hands, position and direction of view or pointing.
const CHANNELS: PackedStringArray = [
	"head_x",
	"head_y",
	"head_z",
	"head_forward_x",
	"head_forward_y",
	"head_forward_z",
	"left_x",
	"left_y",
	"left_z",
	"right_x",
	"right_y",
	"right_z"
]

## Purposes that permit reading a sensor, any of them.
const LIVE: Array[String] = ["adapt", "exercise", "research"]
## Name of the stream in recordings.
const STREAM := "headset_motion"

## The client; empty uses the nearest feed if it is one.
@export var client: SentioClient
## The head: an XRCamera3D.
@export var head: Node3D:
	set(node):
		head = node
		update_configuration_warnings()
## The left hand: an XRController3D; empty if there is none.
@export var left: Node3D
## The right hand.
@export var right: Node3D
## Rows a second.
@export_range(5.0, 60.0, 1.0, "suffix:Hz") var rate_hz := 30.0
## Rows of one message.
@export_range(1, 32) var rows := 10

## Whether movement is sent or why not, in one line.
var status: String:
	get:
		return _status()

var _row := PackedFloat32Array()
var _due := 0.0


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _get_configuration_warnings() -> PackedStringArray:
	return [] if is_instance_valid(head) else ["Choose the head: an XRCamera3D."]


## Advances by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	if not allowed() or not is_instance_valid(head):
		_row.clear()
		return
	_due += SentioElapsed.of(SentioElapsed.real(delta))
	if _due < 1.0 / rate_hz:
		return
	_due = fmod(_due, 1.0 / rate_hz)
	_row.append_array(sample())
	if _row.size() >= rows * CHANNELS.size():
		_send()


## Whether the person has agreed to the sensor.
func allowed() -> bool:
	if not is_instance_valid(client):
		client = SentioFeedFinder.near(self) as SentioClient
	if not is_instance_valid(client):
		return false
	var granted: Variant = client.consent.get("motion", [])
	if not granted is Array:
		return false
	var purposes: Array = granted
	return LIVE.any(func(purpose: String) -> bool: return purpose in purposes)


## One row of [constant CHANNELS]; a missing hand is NAN.
func sample() -> PackedFloat32Array:
	var found := PackedFloat32Array()
	var at := head.position
	var ahead := -head.basis.z
	found.append_array([at.x, at.y, at.z, ahead.x, ahead.y, ahead.z])
	for hand: Node3D in [left, right]:
		var held := is_instance_valid(hand)
		var place := hand.position if held else Vector3(NAN, NAN, NAN)
		found.append_array([place.x, place.y, place.z])
	return found


func _status() -> String:
	if not is_instance_valid(head):
		return "no head is chosen: nothing is sent"
	if allowed():
		return "sending how head and hands move"
	return "no consent for the sensor motion" if is_instance_valid(client) else "no client in reach"


func _send() -> void:
	client.input(STREAM, "motion", CHANNELS, _row, rate_hz)
	_row.clear()
