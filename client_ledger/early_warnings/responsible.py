"""Whose a warning is: the collector of the customer's account, else its account manager, whoever of them may still log in."""

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_fullname

from client_ledger.collections import assignment
from client_ledger.early_warnings.statuses import LIVE
from client_ledger.site.doctypes import CLIENT_ACCOUNT, EARLY_WARNING
from client_ledger.site.language import site_language, spoken
from client_ledger.site.messages import filled


def enabled_of(users: Iterable[str | None]) -> set[str]:
	"""Return those of *users* who may log in."""
	names = sorted({*users} - {None, ""})
	if not names:
		return set()
	return set(frappe.get_all("User", {"name": ("in", names), "enabled": 1}, pluck="name", order_by="name"))


def looking_after(account: Mapping[str, Any]) -> tuple[str, ...]:
	"""Return who looks after the customer of an account, whose it is first."""
	return tuple(user for user in (account.get("collector"), account.get("account_manager")) if user)


def hand_over(company: str) -> int:
	"""Give what somebody is responsible for who may not log in any more to who looks after the customer now; return how much. Commits.

	Where that is nobody, it is nobody's, and on the home page of all who may see it.
	"""
	found = frappe.get_all(
		EARLY_WARNING,
		{"company": company, "status": ("in", LIVE), "responsible": ("is", "set")},
		["name", "responsible"],
		order_by="name",
	)
	enabled = enabled_of(row.responsible for row in found)
	left = [row.name for row in found if row.responsible not in enabled]
	for name in left:
		_hand_over(frappe.get_doc(EARLY_WARNING, name))
		frappe.db.commit()  # nosemgrep: whose it is now
	return len(left)


def _hand_over(doc: Document) -> None:
	before, after = doc.responsible, _who_may_see(doc)
	doc.db_set("responsible", after)
	assignment.withdraw(doc.doctype, doc.name, before)
	with spoken(site_language()):
		said = filled(_("{0} may not log in any more."), get_fullname(before))
		if after:
			said = filled(
				_("{0} may not log in any more. Given to {1}."), get_fullname(before), get_fullname(after)
			)
			about = f"{doc.customer_name or doc.company}: {_(doc.signal_name)}"
			assignment.assign(doc.doctype, doc.name, after, about)
		doc.add_comment("Info", said)


def _who_may_see(doc: Document) -> str | None:
	account = frappe.db.get_value(
		CLIENT_ACCOUNT,
		{"company": doc.company, "customer": doc.customer},
		["collector", "account_manager"],
		as_dict=True,
	)
	people = looking_after(account or {})
	enabled = enabled_of(people)
	return next(
		(
			user
			for user in people
			if user in enabled and frappe.has_permission(doc.doctype, "read", doc=doc, user=user)
		),
		None,
	)
