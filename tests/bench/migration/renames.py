"""What this checkout calls otherwise than the revision that sites migrate from, and what it has taken away."""

from typing import Any

Json = Any

DOCTYPES = {"Stale Customer": "Refresh Mark", "Credit Commitment": "Credit Reservation"}
# Jobs that came since: method -> frequency, cron format, stopped.
NEW_JOBS = {
	"client_ledger.tasks.check_backups": ["Daily Long", "", 0],
	"client_ledger.tasks.send_confirmations": ["Hourly", "", 0],
	"client_ledger.tasks.send_digests": ["Hourly", "", 0],
	"client_ledger.tasks.send_statements": ["Hourly", "", 0],
	"client_ledger.tasks.send_to_robots": ["All", "", 0],
}
STATED = ("Ledger Notice", "Promise to Pay", "Promise Instalment", "Ledger Dispute", "Escalation Case")
# (DocType as it is called now, field) -> field.
FIELDS = {
	("Client Ledger Settings", "healed_on"): "accounts_refreshed_on",
	**{(doctype, "state"): "status" for doctype in STATED},
}
# (DocType and field as they are called now) -> value -> value.
VALUES: dict[tuple[str, str], dict[str, str]] = {
	("Client Account", "behaviour_segment"): {"Long in Arrears": "Chronically Late"},
	("Collection Rule", "measure"): {
		"Amount to Chase": "Collectable Overdue",
		"Days Since Contact": "Days Since Last Contact",
		"Follow-up Due": "Follow Up Due",
	},
	("Collection Settings", "sees"): {"Own Customers": "Assigned Customers Only"},
	("Credit Assessment", "source"): {"By Hand": "Manual"},
	("Credit Assessment", "status"): {"In Force": "Active"},
	("Credit Rule", "rule_type"): {"Grade": "Credit Grade", "Host Overdue Limit": "ERPNext Overdue Limit"},
	("Dunning Policy Scope", "segment"): {"Long in Arrears": "Chronically Late"},
	("Dunning Policy Step", "channel"): {"E-mail": "Email", "Hand-over": "Referral"},
	("Escalation Case", "kind"): {"Agency": "Collection Agency"},
	("Escalation Case", "status"): {"Handed Over": "Referred"},
	("Follow Up", "channel"): {"E-mail": "Email"},
	("Follow Up", "outcome"): {"Handed Over": "Referred", "Will Not Pay": "Refuses to Pay"},
	("Follow Up", "source"): {"Hand": "Manual"},
	("Ledger Dispute", "status"): {"Short Paid": "Short Payment Accepted"},
	("Ledger Notice", "channel"): {"E-mail": "Email", "Hand-over": "Referral"},
	("Ledger Notice", "kind"): {"Thanks": "Acknowledgement"},
	("Ledger Notice", "reason"): {
		"Blocked": "Dunning Blocked",
		"Contact Budget": "Contact Limit",
		"Covered by Receipts": "Covered by Payments",
		"In Doubt": "Delivery Unknown",
		"Not Delivered": "Delivery Failed",
		"Outside Hours": "Outside Contact Hours",
		"Under the Minimum": "Below Minimum Amount",
	},
	("Ledger Notice Item", "withheld"): {
		"Blocked": "Dunning Blocked",
		"Covered by Receipts": "Covered by Payments",
		"Under the Minimum": "Below Minimum Amount",
	},
	("Promise Instalment", "status"): {"Running": "Open", "Settled Otherwise": "Settled by Other Means"},
	("Promise to Pay", "channel"): {"E-mail": "Email"},
	("Promise to Pay", "status"): {"Running": "Open", "Settled Otherwise": "Settled by Other Means"},
}
# Records that installing makes -> name -> name.
SHIPPED: dict[str, dict[str, str]] = {
	"Collection Rule": {
		"Broken promise": "Broken Promise",
		"Dunned twice or more": "Dunned Twice or More",
		"First overdue of a large customer": "First Overdue of a Large Customer",
		"Follow-up due": "Follow Up Due",
		"Grade D or worse": "Grade D or E",
		"Limit nearly used": "High Limit Utilisation",
		"No contact for two weeks": "No Contact for Two Weeks",
		"Oldest item over 30 days": "Oldest Item over 30 Days",
		"Oldest item over 60 days": "Oldest Item over 60 Days",
		"Promise due today": "Promise Due Today",
	},
	"Credit Rule": {"Grade": "Credit Grade", "Host Overdue Limit": "ERPNext Overdue Limit"},
	"Dispute Reason": {
		"Another reason": "Other Reason",
		"Billing error": "Billing Error",
		"Goods not or only partly delivered": "Goods Not or Partly Delivered",
		"Goods or service faulty": "Faulty Goods or Service",
		"Invoice, order number or proof of delivery missing": (
			"Missing Invoice, Order Number or Proof of Delivery"
		),
		"Price or discount not as agreed": "Price or Discount Not as Agreed",
	},
	"Email Template": {
		"Client Ledger: Thanks (en)": "Client Ledger: Payment Acknowledgement (en)",
		"Client Ledger: Thanks (zh)": "Client Ledger: Payment Acknowledgement (zh)",
	},
}
_SHIPPED_NAMES = {old: new for names in SHIPPED.values() for old, new in names.items()}
# DocTypes of which a patch makes a record beside those that are there: the scorecard that is shipped now.
RENEWED = {
	"Credit Scorecard",
	"Credit Scorecard Band",
	"Credit Scorecard Cap",
	"Credit Scorecard Deduction",
	"Credit Scorecard Factor",
}
# What a patch changes on purpose: (DocType, field).
CHANGED = {
	("Credit Scorecard", "status"),
	("Credit Scorecard", "replaced_on"),
	("Credit Scorecard", "modified"),
	("Client Ledger Settings", "limits_by_approval"),
	("Client Ledger Settings", "modified"),
	("Client Ledger Settings", "made_once"),
}
# Fields that name such a record; its own name and title are among them.
NAMING = {
	("Collection Rule", "title"): "Collection Rule",
	("Credit Hold Reason", "rule"): "Credit Rule",
	("Credit Rule", "title"): "Credit Rule",
	("Dispute Reason", "reason"): "Dispute Reason",
	("Dunning Policy", "thank_you_template"): "Email Template",
	("Dunning Policy Text", "email_template"): "Email Template",
	("Ledger Dispute", "reason"): "Dispute Reason",
}
PAGES = {"what-did-not-go-out": "dunning-exceptions"}
# Pages that are new.
NEW_PAGES = {"cash-by-week", "client-ledger-setup", "receivables-kpis"}
# Reports that are new.
NEW_REPORTS = {"Control Findings", "Duty Conflicts", "Procedure Readings", "Step Effects", "Warning Outcomes"}
# Pages, reports, cards, charts: (kind, name) -> name.
RECORDS: dict[tuple[str, str], str] = {}
METHODS = {
	"client_ledger.tasks.heal": "client_ledger.tasks.nightly",
	"client_ledger.dunning.cards.failed": "client_ledger.reporting.dunning_cards.failed",
}
# Keys of answers; what kept its states under that name: a report, and the limit in the exposure.
KEYS = {"state": "status", "raw_state": "raw_status"}
STATES_STAY = ("report Credit Exposure ",)
STATE_STAYS = ("limit",)


def renamed(figures: dict[str, Json]) -> dict[str, Json]:
	"""Return the older revision's figures under the names of this checkout."""
	return {
		**figures,
		"rows": {
			DOCTYPES.get(doctype, doctype): {
				SHIPPED.get(doctype, {}).get(name, name): _row(DOCTYPES.get(doctype, doctype), row)
				for name, row in rows.items()
			}
			for doctype, rows in figures["rows"].items()
		},
		"permissions": {
			DOCTYPES.get(doctype, doctype): rows for doctype, rows in figures["permissions"].items()
		},
		"schedules": {METHODS.get(method, method): row for method, row in figures["schedules"].items()},
		"seen": {user: _seen(row) for user, row in figures["seen"].items()},
		"desk": _desk(figures["desk"]),
		"answers": {
			_asked(asked): _unchanged(asked, answer if asked.startswith(STATES_STAY) else _keys(answer))
			for asked, answer in figures["answers"].items()
		},
	}


def _row(doctype: str, row: dict[str, Json]) -> dict[str, Json]:
	found = {}
	for old, value in row.items():
		field = FIELDS.get((doctype, old), old)
		if isinstance(value, str):
			value = VALUES.get((doctype, field), {}).get(value, value)
			value = SHIPPED.get(_named(doctype, field, row), {}).get(value, value)
			value = DOCTYPES.get(value, value)
		found[field] = value
	return found


def _named(doctype: str, field: str, row: dict[str, Json]) -> str | None:
	"""Return the DocType whose records a field names."""
	if field in ("name", "parent"):
		return doctype if field == "name" else row.get("parenttype")
	return NAMING.get((doctype, field))


def _seen(row: dict[str, Json]) -> dict[str, Json]:
	return {
		"lists": {
			DOCTYPES.get(doctype, doctype): sorted(SHIPPED.get(doctype, {}).get(name, name) for name in names)
			for doctype, names in row["lists"].items()
		},
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


def _sorted_names(value: Json) -> Json:
	"""Return names in the order of the new ones; other lists stay."""
	are_names = isinstance(value, list) and all(isinstance(part, str) for part in value)
	return sorted(value) if are_names else value


def _unchanged(asked: str, answer: Json) -> Json:
	"""Return an answer without what has changed on purpose.

	Cards named a currency where a field's name belongs; the exceptions asked for a right that no button of theirs needs;
	the next letter asked for more than is due after what is on account.
	"""
	if asked.startswith("card Collections "):
		return {key: value for key, value in answer.items() if key != "options"}
	if asked.startswith("exceptions "):
		return {**answer, "may": {key: value for key, value in answer["may"].items() if key != "block"}}
	if asked.startswith("dunning ") and answer.get("next"):
		rows = [{key: value for key, value in row.items() if key != "total"} for row in answer["next"]]
		return {**answer, "next": rows}
	return answer


def _keys(answer: Json) -> Json:
	if isinstance(answer, dict):
		found = {
			_SHIPPED_NAMES.get(key, KEYS.get(key, key)): value if key in STATE_STAYS else _keys(value)
			for key, value in answer.items()
		}
		return {key: _sorted_names(value) if key == "reasons" else value for key, value in found.items()}
	if isinstance(answer, list):
		return [_keys(part) for part in answer]
	if isinstance(answer, str):
		return _SHIPPED_NAMES.get(answer, answer)
	return answer
