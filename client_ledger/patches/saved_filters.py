"""Renames within filters and list settings as the desk saves them: JSON of lists [DocType, field, operator, value]."""

import json
from collections.abc import Callable

Json = dict | list | str | int | float | bool | None
Change = Callable[[Json], Json]


def changed_json(text: str | None, change: Change) -> str | None:
	"""Return the JSON *text* with *change* applied; None where it is empty, is no JSON or stays as it is."""
	try:
		value = json.loads(text or "null")
	except ValueError:
		return None
	changed = change(value)
	return None if changed == value else json.dumps(changed)


def with_field(value: Json, doctype: str, old: str, new: str) -> Json:
	"""Return saved filters or settings with a field renamed: in [doctype, field, ...], [field, doctype], as a key, as `sort_by`."""
	if isinstance(value, list):
		if value[:2] == [doctype, old]:
			return [doctype, new, *value[2:]]
		if value == [old, doctype]:
			return [new, doctype]
		return [with_field(part, doctype, old, new) for part in value]
	if isinstance(value, dict):
		changed = {
			new if key == old else key: with_field(part, doctype, old, new) for key, part in value.items()
		}
		if changed.get("sort_by") == old:
			changed["sort_by"] = new
		return changed
	return value


def with_value(value: Json, field: tuple[str, str], old: str, new: str) -> Json:
	"""Return saved filters or settings with a value of *field* (DocType, name) renamed in [doctype, field, operator, value, ...]."""
	if isinstance(value, list):
		if value[:2] == list(field) and len(value) > 3:
			return [*value[:3], _renamed(value[3], old, new), *value[4:]]
		return [with_value(part, field, old, new) for part in value]
	if isinstance(value, dict):
		return {key: with_value(part, field, old, new) for key, part in value.items()}
	return value


def _renamed(value: Json, old: str, new: str) -> Json:
	"""Return a filter's value, which may be a list or, as Frappe saves "in", words with commas between."""
	if isinstance(value, list):
		return [new if part == old else part for part in value]
	if isinstance(value, str):
		return ",".join(new if part == old else part for part in value.split(","))
	return value
