class_name CompanionFeatures
extends RefCounted
## The geometry of the face: where each point of head, eyes, lids, brows and mouth lies for given
## blend shape weights. Looks along +Z; the left side of the face is +X, as with ARKit.

const HEAD := Vector3(0.98, 0.93, 0.9)
const EYE_AT := Vector2(0.35, 0.07)
const EYE := Vector3(0.225, 0.265, 0.185)
const EYE_SINK := 0.115
## Size of the surface on which an iris lies, against the eye's.
const IRIS_OUT := 1.025
const MOUTH_Y := -0.40


## The head; [param u] goes around, [param v] from crown to chin.
static func head(u: float, v: float, w: Dictionary) -> Vector3:
	var around := TAU * (u - 0.5)
	var down := PI * v
	var p := Vector3(sin(down) * sin(around), cos(down), sin(down) * cos(around))
	p.x *= 1.0 + 0.05 * exp(-pow((p.y + 0.3) / 0.35, 2.0))
	var q := p * HEAD
	q.z += _bump(q.x, q.y, w) * smoothstep(0.0, 0.3, p.z)
	return _jaw(q, w)


## How far the face stands out at (x, y).
static func _bump(x: float, y: float, w: Dictionary) -> float:
	var nose := 0.115 * exp(-pow(x / 0.075, 2.0) - pow((y + 0.13) / 0.085, 2.0))
	var sum := nose
	for side: float in [1.0, -1.0]:
		var full := 0.055 * _w(w, "mouthSmile", side) + 0.05 * _w(w, "cheekSquint", side)
		full += 0.13 * float(w.get("cheekPuff", 0.0))
		sum += full * exp(-pow((x - 0.47 * side) / 0.2, 2.0) - pow((y + 0.24) / 0.17, 2.0))
		var sneer := 0.035 * _w(w, "noseSneer", side)
		sum += sneer * exp(-pow((x - 0.09 * side) / 0.07, 2.0) - pow((y + 0.1) / 0.1, 2.0))
	return sum


static func _jaw(p: Vector3, w: Dictionary) -> Vector3:
	var low := smoothstep(-0.15, -0.85, p.y)
	p.y -= 0.13 * low * float(w.get("jawOpen", 0.0))
	p.x += 0.06 * low * (float(w.get("jawLeft", 0.0)) - float(w.get("jawRight", 0.0)))
	p.z += 0.06 * low * float(w.get("jawForward", 0.0)) * signf(p.z)
	return p


## The face's surface at (x, y), lifted by [param lift].
static func skin(x: float, y: float, lift: float, w: Dictionary = {}) -> Vector3:
	var wide := 1.0 + 0.05 * exp(-pow((y / HEAD.y + 0.3) / 0.35, 2.0))
	var share := pow(x / (HEAD.x * wide), 2.0) + pow(y / HEAD.y, 2.0)
	var z := HEAD.z * sqrt(maxf(1.0 - share, 0.0))
	return Vector3(x, y, z + _bump(x, y, w) + lift)


## The middle of the eye at [param side].
static func eye_middle(side: float) -> Vector3:
	return skin(EYE_AT.x * side, EYE_AT.y, -EYE_SINK)


## The white of an eye.
static func eye(u: float, v: float, _weights: Dictionary, side: float) -> Vector3:
	var around := PI * (u - 0.5) * 1.1
	var down := PI * v
	var p := Vector3(sin(down) * sin(around), cos(down), sin(down) * cos(around))
	return eye_middle(side) + p * EYE


## Iris and pupil: a disc on the eye; [param v] goes from its middle to its edge.
static func iris(u: float, v: float, w: Dictionary, side: float) -> Vector3:
	var out := _w(w, "eyeLookOut", side) - _w(w, "eyeLookIn", side)
	var up := _w(w, "eyeLookUp", side) - _w(w, "eyeLookDown", side)
	var x := 0.42 * out * side + 0.6 * v * sin(TAU * u)
	var y := 0.36 * up + 0.6 * v * cos(TAU * u) * EYE.x / EYE.y
	var z := sqrt(maxf(1.0 - x * x - y * y, 0.0))
	return eye_middle(side) + Vector3(x, y, z) * EYE * IRIS_OUT


## The upper lid, from behind the eye to its edge.
static func upper_lid(u: float, v: float, w: Dictionary, side: float) -> Vector3:
	var shut := _w(w, "eyeBlink", side)
	var edge := 47.0 - 66.0 * shut - 12.0 * _w(w, "eyeSquint", side)
	edge += 22.0 * _w(w, "eyeWide", side) - 7.0 * _w(w, "eyeLookDown", side)
	edge -= 9.0 * _w(w, "browDown", side)
	return _lid(u, lerpf(118.0, edge, v), side)


## The lower lid, from behind the eye to its edge.
static func lower_lid(u: float, v: float, w: Dictionary, side: float) -> Vector3:
	var edge := -58.0 + 34.0 * _w(w, "eyeBlink", side) + 20.0 * _w(w, "eyeSquint", side)
	edge += 16.0 * _w(w, "cheekSquint", side) + 6.0 * _w(w, "mouthSmile", side)
	return _lid(u, lerpf(-118.0, edge, v), side)


static func _lid(u: float, degrees: float, side: float) -> Vector3:
	var across := deg_to_rad(88.0) * (2.0 * u - 1.0)
	var up := deg_to_rad(degrees)
	var p := Vector3(sin(across), cos(across) * sin(up), cos(across) * cos(up))
	return eye_middle(side) + p * EYE * 1.085


## A brow: a tapered tube along [param u] from its inner to its outer end.
static func brow(u: float, v: float, w: Dictionary, side: float) -> Vector3:
	var inner := float(w.get("browInnerUp", 0.0))
	var outer := _w(w, "browOuterUp", side)
	var down := _w(w, "browDown", side)
	var x := lerpf(0.17 - 0.03 * down, 0.56, u)
	var y := 0.425 + 0.07 * sin(PI * minf(u + 0.12, 1.0)) - 0.05 * u
	y += 0.13 * inner * pow(1.0 - u, 1.5) + 0.11 * outer * u * (1.3 - 0.5 * u)
	y -= down * (0.15 * (1.0 - u) + 0.03)
	var thick := 0.042 * pow(sin(PI * clampf(0.1 + 0.82 * u, 0.0, 1.0)), 0.6)
	var turn := TAU * v
	return skin(x * side, y + thick * cos(turn), 0.02 + 0.7 * thick * sin(turn))


## Lips: a closed tube around the mouth; [param u] goes around the mouth, [param v] the tube.
static func lips(u: float, v: float, w: Dictionary) -> Vector3:
	var upper := u < 0.5
	var t := 4.0 * u - 1.0 if upper else 3.0 - 4.0 * u
	var rim := _rim(t, w, upper)
	var round_by := 0.024 + 0.012 * float(w.get("mouthPucker", 0.0))
	var roll := float(w.get("mouthRollUpper" if upper else "mouthRollLower", 0.0))
	var press := 0.5 * (float(w.get("mouthPressLeft", 0.0)) + float(w.get("mouthPressRight", 0.0)))
	round_by *= (1.0 - 0.5 * roll - 0.4 * press) * (0.55 + 0.45 * sqrt(1.0 - 0.98 * t * t))
	var turn := TAU * v
	var out := round_by * (1.1 * sin(turn))
	return skin(rim.x, rim.y + round_by * cos(turn), 0.012 + out + _mouth_out(w), w)


## The dark inside of the mouth between the lips.
static func gap(u: float, v: float, w: Dictionary) -> Vector3:
	return _inside(2.0 * u - 1.0, v, 0.006, w)


## The upper teeth, seen where the mouth is open.
static func teeth(u: float, v: float, w: Dictionary) -> Vector3:
	return _inside(0.82 * (2.0 * u - 1.0), 0.04 + 0.27 * v, 0.012, w)


## The tongue, at the bottom of the open mouth.
static func tongue(u: float, v: float, w: Dictionary) -> Vector3:
	var t := 0.6 * (2.0 * u - 1.0)
	var top := 0.62 + 0.1 * t * t
	var out := 0.12 * float(w.get("tongueOut", 0.0))
	return _inside(t, lerpf(top, 0.97, v), 0.010 + out * v, w) - Vector3(0, 0.6 * out * v, 0)


static func _inside(t: float, v: float, lift: float, w: Dictionary) -> Vector3:
	var rim := _rim(t, w, true).lerp(_rim(t, w, false), v)
	return skin(rim.x, rim.y, lift + 0.5 * _mouth_out(w), w)


static func _mouth_out(w: Dictionary) -> float:
	return 0.06 * float(w.get("mouthPucker", 0.0)) + 0.04 * float(w.get("mouthFunnel", 0.0))


## The edge of the mouth at [param t], -1 at the right corner to 1 at the left.
static func _rim(t: float, w: Dictionary, upper: bool) -> Vector2:
	var side := 1.0 if t >= 0.0 else -1.0
	var smile := _w(w, "mouthSmile", side)
	var wide := 0.215 + 0.075 * smile + 0.07 * _w(w, "mouthStretch", side)
	wide += 0.03 * _w(w, "mouthDimple", side) - 0.015 * float(w.get("jawOpen", 0.0))
	wide -= 0.015 * _w(w, "mouthPress", side)
	wide -= 0.11 * float(w.get("mouthPucker", 0.0)) + 0.06 * float(w.get("mouthFunnel", 0.0))
	var corner := 0.02 + 0.10 * smile - 0.10 * _w(w, "mouthFrown", side)
	corner += 0.02 * _w(w, "mouthDimple", side) - 0.03 * _w(w, "mouthStretch", side)
	var arch := 1.0 - t * t
	var y := corner * t * t - 0.035 * smile * arch
	if upper:
		y += arch * (0.008 + 0.05 * _w(w, "mouthUpperUp", side))
		y += arch * 0.03 * (float(w.get("mouthFunnel", 0.0)) + float(w.get("mouthShrugUpper", 0.0)))
	else:
		y -= arch * (0.008 + 0.23 * float(w.get("jawOpen", 0.0)))
		y -= arch * (0.06 * _w(w, "mouthLowerDown", side) + 0.03 * float(w.get("mouthFunnel", 0.0)))
		y += arch * (0.035 * float(w.get("mouthShrugLower", 0.0)))
		# Alone it would pass the upper lip: as with ARKit it undoes what the open jaw does.
		y += arch * 0.2 * float(w.get("mouthClose", 0.0))
	var shift := 0.07 * (float(w.get("mouthLeft", 0.0)) - float(w.get("mouthRight", 0.0)))
	shift += 0.05 * (float(w.get("jawLeft", 0.0)) - float(w.get("jawRight", 0.0)))
	return Vector2(wide * t + shift, MOUTH_Y + y)


static func _w(weights: Dictionary, stem: String, side: float) -> float:
	if weights.is_empty():
		return 0.0
	return weights.get(stem + ("Left" if side > 0.0 else "Right"), 0.0)
