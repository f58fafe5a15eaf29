class_name ArenaAutopilot
extends ArenaPilot
## Plays automatically: keeps away from the nearest foe, shoots at it, stays near the middle.


func read(hero: ArenaHero, horde: ArenaHorde, _camera: Camera3D) -> void:
	var away := -hero.position * (0.06 + 0.3 * smoothstep(4.0, 9.0, hero.position.length()))
	var nearest: ArenaFoe = null
	for foe in horde.foes():
		var gap := hero.position - foe.position
		away += gap / maxf(gap.length_squared(), 0.3) * 1.6
		if not nearest or gap.length() < hero.position.distance_to(nearest.position):
			nearest = foe
	move = (away * Vector3(1, 0, 1)).limit_length(1.0)
	fire = nearest != null and nearest.is_solid()
	dash = false
	if nearest:
		aim = (hero.position.direction_to(nearest.position) * Vector3(1, 0, 1)).normalized()
