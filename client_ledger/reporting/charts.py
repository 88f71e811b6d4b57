"""The bar charts of reports: only where there is something to compare, with customers by their names."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

BLUE, ORANGE, GREEN, PURPLE, RED = "#4299e1", "#f6ad55", "#48bb74", "#9f7aea", "#e24c4c"
_FEWEST_BARS = 2


def bar_chart(
	labels: Sequence[str],
	series: Mapping[str, Sequence[float]],
	colours: Sequence[str] = (BLUE,),
	**more: Any,
) -> dict | None:
	"""Return a chart with a bar per label and series; None for a single bar, which would fill it, and where all are 0."""
	if len(labels) < _FEWEST_BARS or not any(any(values) for values in series.values()):
		return None
	return {
		"data": {
			"labels": list(labels),
			"datasets": [{"name": name, "values": list(values)} for name, values in series.items()],
		},
		"type": "bar",
		# Fewer redraws: an animation that a refresh overtakes may end in a script error of Frappe's charts.
		"animate": 0,
		"disableEntryAnimation": 1,
		"colors": list(colours),
		**more,
	}


def in_currency(currency: str | None) -> dict[str, Any]:
	"""Return how the amounts of a chart are written."""
	return {"fieldtype": "Currency", "options": "currency", "currency": currency}


def customer_names(customers: Iterable[str]) -> dict[str, str]:
	"""Return the names of customers, for those that a report shows anyway."""
	rows = frappe.get_all(
		"Customer", {"name": ("in", [*customers, ""])}, ["name", "customer_name"], order_by="name"
	)
	return {row.name: row.customer_name or row.name for row in rows}
