"""What a control would have found in the last twelve months, with its parameters or with others: replayed in the background, kept on the
control, shown before it is switched on or changed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, get_datetime, now_datetime

from client_ledger.controls.history import past_of
from client_ledger.controls.settings import values_of
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.parameters import fingerprint
from client_ledger.ledger.site import companies
from client_ledger.site.doctypes import LEDGER_CONTROL

MONTHS = 12
# A replay says nothing of what has happened since; after so many days it is made anew.
VALID_DAYS = 7


@dataclass(frozen=True, slots=True)
class ControlPreview:
	"""How many findings the past would have brought by the shipped parameters, and by those chosen."""

	shipped: int
	chosen: int


def of(doc: Document, values: str) -> ControlPreview | None:
	"""Return the replay that was made with parameters of the fingerprint *values* in the last days; None where there is none."""
	kept = json.loads(doc.preview or "{}")
	if kept.get("values_key") != values or get_datetime(kept["made_on"]) < add_days(
		now_datetime(), -VALID_DAYS
	):
		return None
	return ControlPreview(kept["shipped"], kept["chosen"])


def make(name: str, values: Mapping[str, object]) -> None:
	"""Replay a control over all companies with *values* (parameter -> value) and keep the result. Commits."""
	control = CONTROLS[name]
	wanted = values_of(control, values)
	found = [_of_company(name, company, wanted) for company in companies()]
	kept = {
		"values": {one: f"{value.normalize():f}" for one, value in wanted.items()},
		"values_key": fingerprint(wanted),
		"made_on": str(now_datetime()),
		"made_by": frappe.session.user,
		"months": MONTHS,
		"has_past": control.has_past,
		"shipped": sum(one["shipped"] for one in found),
		"chosen": sum(one["chosen"] for one in found),
		"companies": found,
	}
	frappe.db.set_value(
		LEDGER_CONTROL, name, "preview", json.dumps(kept, ensure_ascii=False), update_modified=False
	)
	frappe.db.commit()  # nosemgrep: what people wait for
	frappe.publish_realtime("client_ledger_control_preview", {"control": name}, user=frappe.session.user)


def _of_company(name: str, company: str, wanted: Mapping[str, Decimal]) -> dict[str, Any]:
	past = past_of(company, name, {one: str(value) for one, value in wanted.items()}, MONTHS)
	return {
		"company": company,
		"months": [{"month": one["month"][:7], "found": one["with_values"]} for one in past["months"]],
		"before": past["before"],
		"open": past["now_with_values"],
		"chosen": past["with_values"] or past["now_with_values"],
		"shipped": past["found"] or past["now"],
		"silent": past["silent"],
	}
