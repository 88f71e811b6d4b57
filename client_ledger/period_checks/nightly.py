"""Every night: make the lists of periods that have ended, and say where a list that is signed has other figures by now."""

import json
from functools import partial

import frappe
from frappe.utils import getdate, now_datetime

from client_ledger.core.period_checks import ListStatus, PeriodKind
from client_ledger.ledger.site import companies
from client_ledger.period_checks import decisions, lists, notices
from client_ledger.site.doctypes import CHECK_LIST
from client_ledger.site.jobs import TITLE_LENGTH, safely


def nightly() -> None:
	"""Make lists and compare those that are signed. Commits; what fails is logged and stops nothing else."""
	lists.make_due(getdate())
	compare_signed()


def compare_signed() -> None:
	"""Compare every prepared list, and the last approved one of each kind, with the ledger. Commits."""
	for name in _signed():
		safely(f"Check list {name}: not compared"[:TITLE_LENGTH], partial(compare, name))


def compare(name: str) -> None:
	"""Note what of a signed list has changed, and tell of it once. Commits."""
	doc = frappe.get_doc(CHECK_LIST, name)
	found = decisions.as_dicts(decisions.changes_of(doc))
	text = json.dumps(found, ensure_ascii=False) if found else None
	if (doc.changes or None) == text:
		return
	signed = (ListStatus.PREPARED.value, ListStatus.APPROVED.value)
	if frappe.db.get_value(CHECK_LIST, name, "status", for_update=True) in signed:
		# Only the row of the list: who changed it last, and when, stays as it is.
		values = {"changes": text, "changed_on": now_datetime() if found else None}
		frappe.db.set_value(CHECK_LIST, name, values, update_modified=False)
		if found:
			notices.tell_of_changes(name)
	frappe.db.commit()  # nosemgrep: one list does not undo another


def _signed() -> list[str]:
	names = frappe.get_all(
		CHECK_LIST, {"status": ListStatus.PREPARED.value}, pluck="name", order_by="to_date, name"
	)
	for company in companies():
		for kind in PeriodKind:
			names += frappe.get_all(
				CHECK_LIST,
				{"company": company, "period_kind": kind.value, "status": ListStatus.APPROVED.value},
				pluck="name",
				order_by="to_date desc",
				limit=1,
			)
	return names
