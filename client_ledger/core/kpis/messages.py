"""KPIs in words: labels, and why there is no value. A caller says in which language."""

from collections.abc import Callable

from client_ledger.core.kpis.definitions import INPUT_LABELS, Definition
from client_ledger.core.kpis.measure import Kpi

Translate = Callable[[str], str]
_MOST_NAMED = 10


def label(definition: Definition, _: Translate) -> str:
	"""Return what a KPI is called; a bucket's days stand behind a comma and need no translation."""
	name, comma, rest = definition.label.partition(", ")
	return f"{_(name)}{comma}{rest}" if rest[:1].isdigit() else _(definition.label)


def reason(kpi: Kpi, _: Translate) -> str:
	"""Return why a KPI has no value, "" where it has one."""
	if not kpi.missing:
		return ""
	named = ", ".join(kpi.about[:_MOST_NAMED])
	return _(kpi.missing.value).format(f"{named}, …" if len(kpi.about) > _MOST_NAMED else named)


def input_label(name: str, _: Translate) -> str | None:
	"""Return what an input is called, None for one that is a place among many (a month, a customer)."""
	kind, colon, _place = name.partition(":")
	found = INPUT_LABELS.get(kind + colon)
	return _(found) if found else None
