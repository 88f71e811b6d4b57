"""What this checkout calls otherwise than the revision that sites migrate from, and what it has taken away."""

from typing import Any

Json = Any

DOCTYPES = {"Stale Customer": "Refresh Mark", "Credit Commitment": "Credit Reservation"}
STATED = ("Ledger Notice", "Promise to Pay", "Promise Instalment", "Ledger Dispute", "Escalation Case")
# (DocType as it is called now, field) -> field.
FIELDS = {
	("Client Ledger Settings", "healed_on"): "accounts_refreshed_on",
	**{(doctype, "state"): "status" for doctype in STATED},
}
# (DocType as it is called now, field as it is called now, value) -> value.
VALUES: dict[tuple[str, str, str], str] = {}
PAGES = {"what-did-not-go-out": "dunning-exceptions"}
# Pages, reports, cards, charts: (kind, name) -> name.
RECORDS: dict[tuple[str, str], str] = {}
METHODS = {
	"client_ledger.tasks.heal": "client_ledger.tasks.nightly",
	"client_ledger.dunning.cards.failed": "client_ledger.reporting.dunning_cards.failed",
}
# Keys of answers.
KEYS = {"state": "status"}


def renamed(figures: dict[str, Json]) -> dict[str, Json]:
	"""Return the older revision's figures under the names of this checkout."""
	return {
		**figures,
		"rows": {
			DOCTYPES.get(doctype, doctype): {
				name: _row(DOCTYPES.get(doctype, doctype), row) for name, row in rows.items()
			}
			for doctype, rows in figures["rows"].items()
		},
		"permissions": {
			DOCTYPES.get(doctype, doctype): rows for doctype, rows in figures["permissions"].items()
		},
		"schedules": {METHODS.get(method, method): row for method, row in figures["schedules"].items()},
		"seen": {user: _seen(row) for user, row in figures["seen"].items()},
		"desk": _desk(figures["desk"]),
		"answers": {_asked(asked): _keys(answer) for asked, answer in figures["answers"].items()},
	}


def _row(doctype: str, row: dict[str, Json]) -> dict[str, Json]:
	found = {}
	for old, value in row.items():
		field = FIELDS.get((doctype, old), old)
		value = VALUES.get((doctype, field, value), value) if isinstance(value, str) else value
		found[field] = DOCTYPES.get(value, value) if isinstance(value, str) else value
	return found


def _seen(row: dict[str, Json]) -> dict[str, Json]:
	return {
		"lists": {DOCTYPES.get(doctype, doctype): names for doctype, names in row["lists"].items()},
		"pages": sorted(PAGES.get(name, name) for name in row["pages"]),
		"reports": sorted(RECORDS.get(("Report", name), name) for name in row["reports"]),
	}


def _desk(desk: dict[str, Json]) -> dict[str, Json]:
	found = dict(desk)
	for kind, names in desk.items():
		if isinstance(names, list) and kind not in ("tabs", "indexes"):
			records = {**PAGES} if kind == "Page" else {}
			found[kind] = sorted(records.get(name, RECORDS.get((kind, name), name)) for name in names)
	found["cards"] = {
		RECORDS.get(("Number Card", name), name): [type_, METHODS.get(method, method), doctype]
		for name, (type_, method, doctype) in desk["cards"].items()
	}
	return found


def _asked(asked: str) -> str:
	"""Return what was asked: its kind, and a report's or card's name."""
	for (kind, old), new in RECORDS.items():
		word = {"Report": "report", "Number Card": "card"}.get(kind, kind)
		if asked.startswith(f"{word} {old} "):
			return asked.replace(f"{word} {old} ", f"{word} {new} ", 1)
	return asked


def _keys(answer: Json) -> Json:
	if isinstance(answer, dict):
		return {KEYS.get(key, key): _keys(value) for key, value in answer.items()}
	if isinstance(answer, list):
		return [_keys(part) for part in answer]
	return answer
