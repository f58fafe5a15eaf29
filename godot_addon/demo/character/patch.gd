class_name CompanionPatch
extends RefCounted
## A grid of points that is one surface of a mesh, with a blend shape for each ARKit name.

## Prefixes of the names that move it.
var moved_by := PackedStringArray()
## Suffix of the other side's names; empty for a patch in the middle.
var other_side := ""
var rows: int
var columns: int
## Returns the point at u and v in 0..1 for weights by name.
var place: Callable


## A patch of [param row_count] times [param column_count] cells, placed by [param placing].
static func of(
	row_count: int, column_count: int, placing: Callable, moving: String
) -> CompanionPatch:
	var made := CompanionPatch.new()
	made.rows = row_count
	made.columns = column_count
	made.place = placing
	made.moved_by = moving.split(" ", false)
	return made


## Adds the surface to [param mesh], whose blend shapes are named already.
func add_to(mesh: ArrayMesh, material: Material) -> void:
	var base := _arrays({})
	var shapes: Array[Array] = []
	for name in CompanionShapes.NAMES:
		shapes.append(_shape(base, name))
	base[Mesh.ARRAY_TEX_UV] = _uvs()
	base[Mesh.ARRAY_INDEX] = _indices()
	mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, base, shapes)
	mesh.surface_set_material(mesh.get_surface_count() - 1, material)


func _arrays(weights: Dictionary) -> Array:
	var points := PackedVector3Array()
	for row in rows + 1:
		for column in columns + 1:
			points.append(place.call(float(column) / columns, float(row) / rows, weights))
	var normals := PackedVector3Array()
	for row in rows + 1:
		for column in columns + 1:
			var right := points[_at(row, mini(column + 1, columns))]
			var left := points[_at(row, maxi(column - 1, 0))]
			var below := points[_at(mini(row + 1, rows), column)]
			var above := points[_at(maxi(row - 1, 0), column)]
			var normal := (below - above).cross(right - left)
			normals.append(normal.normalized() if normal.length() > 1e-9 else Vector3.BACK)
	var arrays := []
	arrays.resize(Mesh.ARRAY_MAX)
	arrays[Mesh.ARRAY_VERTEX] = points
	arrays[Mesh.ARRAY_NORMAL] = normals
	return arrays


func _shape(base: Array, name: String) -> Array:
	var shape := base
	for beginning in moved_by:
		if name.begins_with(beginning) and not (other_side and name.ends_with(other_side)):
			shape = _arrays({name: 1.0})
			break
	return shape.duplicate()


func _uvs() -> PackedVector2Array:
	var uvs := PackedVector2Array()
	for row in rows + 1:
		for column in columns + 1:
			uvs.append(Vector2(float(column) / columns, float(row) / rows))
	return uvs


func _indices() -> PackedInt32Array:
	var indices := PackedInt32Array()
	for row in rows:
		for column in columns:
			for corner: Vector2i in [
				Vector2i(0, 0),
				Vector2i(1, 0),
				Vector2i(1, 1),
				Vector2i(0, 0),
				Vector2i(1, 1),
				Vector2i(0, 1),
			]:
				indices.append(_at(row + corner.y, column + corner.x))
	return indices


func _at(row: int, column: int) -> int:
	return row * (columns + 1) + column
