extends SentioTestCase
## Behaviour classes against the shared vectors of tests/vectors/behaviour, to 1e-6.

const TOLERANCE := 1e-6


func test_response_curve() -> void:
	_run("response_curve", _curve, func(it: Variant, x: Array) -> Array: return [it.step(x[0])])


func test_dead_band() -> void:
	var make := func(s: Dictionary) -> Variant: return SentioDeadBand.new(s["width"])
	_run("dead_band", make, func(it: Variant, x: Array) -> Array: return [it.step(x[0])])


func test_smoothing() -> void:
	var make := func(s: Dictionary) -> Variant: return SentioSmoothing.new(s["seconds"])
	_run("smoothing", make, _two)


func test_slew_limit() -> void:
	var make := func(s: Dictionary) -> Variant: return SentioSlewLimit.new(s["rise"], s["fall"])
	_run("slew_limit", make, _two)


func test_confidence_gate() -> void:
	_run("confidence_gate", _gate, _three)


func test_entry_confidence() -> void:
	var go := func(_it: Variant, x: Array) -> Array:
		var trust := SentioEntryConfidence.of(x[0], x[1], x[2] == 1.0, x[3])
		return [trust, SentioEntryConfidence.weight(trust)]
	_run("entry_confidence", func(_s: Dictionary) -> Variant: return null, go)


func test_binding() -> void:
	var make := func(s: Dictionary) -> Variant:
		var chain := SentioBindingChain.new()
		for name: String in ["threshold", "hold", "neutral", "width", "seconds", "rise", "fall"]:
			chain.set(name, s[name])
		chain.ease_seconds = s["ease"]
		chain.curve = _curve(s)
		return chain
	_run("binding", make, _three)


func test_switch() -> void:
	var make := func(s: Dictionary) -> Variant: return _set_up(SentioSwitch.new(), s)
	_run("switch", make, func(it: Variant, x: Array) -> Array: return [float(it.step(x[0], x[1]))])


func test_pid() -> void:
	_run("pid", func(s: Dictionary) -> Variant: return _set_up(SentioPid.new(), s), _three)


func test_pacing() -> void:
	var make := func(s: Dictionary) -> Variant: return _set_up(SentioPacing.new(), s)
	var go := func(it: SentioPacing, x: Array) -> Array:
		if x[4] == 1.0 or x[4] == 2.0:
			it.frozen = x[4] == 1.0
		if x[4] >= 10.0:
			it.enter(int(x[4]) - 10)
		var state := it.step(x[0], x[1], x[2], x[3])
		return [float(state), it.intensity, it.pressure()]
	_run("pacing", make, go)


func test_rails() -> void:
	var make := func(s: Dictionary) -> Variant: return _set_up(SentioRailLimiter.new(), s)
	var go := func(it: SentioRailLimiter, x: Array) -> Array:
		if x[2] == 1.0 or x[2] == 2.0:
			it.frozen = x[2] == 1.0
		it.stopped = it.stopped or x[2] == 3.0
		return [it.step(x[0], x[1]), float(it.rail)]
	_run("rails", make, go)


func test_flash_guard() -> void:
	_run("flash_guard", func(_s: Dictionary) -> Variant: return SentioFlashGuard.new(), _two)


func test_colour_guard() -> void:
	var go := func(it: SentioColourGuard, x: Array) -> Array:
		return Array(it.step(x[0], x[1], x[2], x[3]))
	_run("colour_guard", func(_s: Dictionary) -> Variant: return SentioColourGuard.new(), go)


func test_breathing_pace() -> void:
	var make := func(s: Dictionary) -> Variant: return _set_up(SentioBreathingPace.new(), s)
	var go := func(it: SentioBreathingPace, x: Array) -> Array:
		it.step(x[0])
		return [it.rate, it.phase, it.volume, float(it.stage)]
	_run("breathing_pace", make, go)


func test_coherence() -> void:
	var make := func(s: Dictionary) -> Variant: return _set_up(SentioCoherence.new(), s)
	_run("coherence", make, _three)


func test_input_counter() -> void:
	var make := func(s: Dictionary) -> Variant: return _set_up(SentioInputCounter.new(), s)
	var go := func(it: SentioInputCounter, x: Array) -> Array:
		it.step(x[0])
		match int(x[1]):
			1:
				it.count_key()
			2:
				it.count_button()
			3:
				it.count_pointer(x[2])
			4:
				it.count_stick(x[2], x[3])
			5:
				it.count_error()
		return Array(it.row)
	_run("input_counter", make, go)


func test_expression() -> void:
	var make := func(s: Dictionary) -> Variant: return _set_up(SentioExpressionBlend.new(), s)
	var go := func(it: SentioExpressionBlend, x: Array) -> Array:
		var now := it.step(x[0], {"a": x[1], "b": x[2], "c": x[3]})
		return [now["a"], now["b"], now["c"]]
	_run("expression", make, go)


func _curve(s: Dictionary) -> Variant:
	var x := PackedFloat64Array()
	var y := PackedFloat64Array()
	for part: String in str(s["points"]).split(";"):
		x.append(part.get_slice(":", 0).to_float())
		y.append(part.get_slice(":", 1).to_float())
	return SentioResponseCurve.new(x, y, s["smooth"] == 1.0)


func _gate(s: Dictionary) -> Variant:
	var gate := SentioConfidenceGate.new()
	for name: String in ["threshold", "hold", "neutral"]:
		gate.set(name, s[name])
	gate.ease_seconds = s["ease"]
	return gate


func _set_up(it: RefCounted, settings: Dictionary) -> Variant:
	for name: String in settings:
		it.set(name, settings[name])
	return it


func _two(it: Variant, x: Array) -> Array:
	return [it.step(x[0], x[1])]


func _three(it: Variant, x: Array) -> Array:
	return [it.step(x[0], x[1], x[2])]


func _run(kind: String, make: Callable, go: Callable) -> void:
	var path := repository("tests/vectors/behaviour/" + kind + ".txt")
	var text := FileAccess.get_file_as_string(path)
	check(not text.is_empty(), path + " is empty")
	var it: Variant
	var name := ""
	var steps := 0
	var worst := 0.0
	for line in text.split("\n", false):
		if line.begins_with("case "):
			name = line.get_slice(" ", 1)
			it = make.call(_settings(line))
			continue
		var sides := line.split(" -> ")
		var got: Array = go.call(it, _numbers(sides[0]))
		var wanted := _numbers(sides[1])
		steps += 1
		for index in wanted.size():
			var far := _distance(got[index], wanted[index])
			worst = maxf(worst, far)
			if far > TOLERANCE:
				check(false, "%s %s: %s gave %s" % [kind, name, line, got])
				return
	check(steps > 0 and worst <= TOLERANCE, kind)


func _settings(line: String) -> Dictionary:
	var found := {}
	for part in line.split(" ").slice(2):
		var pair := part.split("=")
		var text: Variant = pair[1]
		found[pair[0]] = text if ":" in pair[1] else _number(pair[1])
	return found


func _numbers(text: String) -> Array:
	return Array(text.split(" ")).map(_number)


func _number(text: String) -> float:
	match text:
		"nan":
			return NAN
		"inf":
			return INF
		"-inf":
			return -INF
	return text.to_float()


func _distance(got: float, wanted: float) -> float:
	if is_nan(got) or is_nan(wanted):
		return 0.0 if is_nan(got) and is_nan(wanted) else INF
	return 0.0 if got == wanted else absf(got - wanted)
