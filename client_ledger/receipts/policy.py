"""What is applied without a person: sure proposals of the passes that Collection Settings name. None unless they say so."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from client_ledger.core.reconciliation.matches import Confidence
from client_ledger.receipts import applying
from client_ledger.receipts.settings import passes_applied
from client_ledger.receipts.statuses import PROPOSED
from client_ledger.site.doctypes import RECEIPT_PROPOSAL
from client_ledger.site.one_by_one import try_each


def apply_sure(company: str) -> list[str]:
	"""Apply what a policy lets be applied; return the proposals that were. Commits each.

	What is refused says why in its note, and is tried again when it is proposed anew.
	"""
	passes = passes_applied()
	if not passes:
		return []
	names = frappe.get_all(
		RECEIPT_PROPOSAL,
		{
			"company": company,
			"status": PROPOSED,
			"confidence": Confidence.SURE.value,
			"found_by": ("in", passes),
			"note": ("is", "not set"),
		},
		pluck="name",
		order_by="receipt_date, name",
	)
	frappe.db.commit()  # nosemgrep: each is applied in a transaction that has read nothing before its locks
	done = []
	with _as_administrator():
		tried = try_each(names, lambda name: applying.apply(name, by_policy=True), RECEIPT_PROPOSAL)
	for name, one in tried:
		if one.result:
			done.append(name)
		else:
			frappe.db.set_value(RECEIPT_PROPOSAL, name, "note", one.reason, update_modified=False)
	frappe.db.commit()  # nosemgrep: the reasons outlive what comes after
	return done


@contextmanager
def _as_administrator() -> Iterator[None]:
	"""Act as Administrator: a policy is the company's, and not of whoever's voucher made the job."""
	user = frappe.session.user
	frappe.set_user("Administrator")
	try:
		yield
	finally:
		frappe.set_user(user)
