"""What the ledger says something else of than when it was stored, as the page and the form show it: values, and the vouchers behind."""

import json
from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, flt

from client_ledger.core.kpis import messages
from client_ledger.core.kpis.definitions import BY_KEY
from client_ledger.kpis.documents import customers_behind, documents_of
from client_ledger.kpis.store import CHANGED
from client_ledger.site.doctypes import KPI_MONTH_END

# Vouchers that the page names of what has changed; the month end's form has more.
MOST_CHANGES = 20


def changes(rows: Sequence[frappe._dict], visible: frozenset[str] | None = None) -> list[dict[str, Any]]:
	"""Return the month ends of a window that the ledger says something else of by now, with the vouchers.

	visible: name vouchers of these customers alone, and no values, which are the company's; who sees some customers reviews nothing.
	"""
	found = []
	for row in rows:
		if not row.get("changed_on"):
			continue
		text = frappe.db.get_value(KPI_MONTH_END, row.name, "changes")
		if visible is None:
			found.append({**change_of(text, MOST_CHANGES), **_review(row)})
		elif own := own_changes(text, visible):
			change = {**change_of(own, MOST_CHANGES), **_review(row)}
			number = len({voucher for _name, voucher, *_rest in json.loads(own)["vouchers"]})
			found.append({**change, "number": number, "waits": False, "reviewed_by": None, "review": None})
	return found


def own_changes(text: str | None, visible: frozenset[str]) -> str | None:
	"""Return of what has changed the vouchers that are about *visible* customers alone; None where none is."""
	vouchers = json.loads(text or '{"vouchers": []}')["vouchers"]
	of = customers_behind((name, voucher) for name, voucher, *_rest in vouchers)
	own = [one for one in vouchers if (behind := of.get((one[0], one[1]))) and behind <= visible]
	return json.dumps({"values": {}, "vouchers": own}) if own else None


def _review(row: frappe._dict) -> dict[str, Any]:
	return {
		"name": row.name,
		"as_of": str(row.as_of),
		"status": row.status,
		"changed_on": str(row.changed_on),
		"number": cint(row.changed_vouchers),
		"waits": row.status == CHANGED,
		"reviewed_by": row.reviewed_by,
		"review": row.review,
	}


def change_of(text: str | None, most: int) -> dict[str, Any]:
	"""Return what has changed as the page takes it: {values: [[label, stored, now]], vouchers: [[input, document, stored, now]]}."""
	found = json.loads(text or '{"values": {}, "vouchers": []}')
	named = found["vouchers"][:most]
	documents = documents_of((name, voucher) for name, voucher, *_rest in named)
	return {
		"values": [
			[messages.label(BY_KEY[key], _), *(None if one is None else flt(one) for one in both)]
			for key, both in found["values"].items()
			if key in BY_KEY
		],
		"vouchers": [
			[
				messages.input_label(name, _) or name,
				documents.get((name, voucher)) or {"doctype": "", "name": voucher, "readable": False},
				flt(stored),
				flt(now),
			]
			for name, voucher, _term, stored, now in named
		],
	}
