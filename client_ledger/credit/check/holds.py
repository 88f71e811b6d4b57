"""The queue: one Credit Hold per held document, written although its submit failed, and what becomes of it.

A submit that is held raises and is rolled back; the hold is written in a transaction of its own right after. Where the
caller catches the error and goes on, it is written with the rest of the caller's transaction.
"""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Count
from frappe.utils import getdate, now_datetime

from client_ledger.core.account import AccountKey
from client_ledger.core.credit.rules import CheckFacts, CheckVerdict, Release
from client_ledger.core.money import as_money
from client_ledger.credit.check import documents, messages
from client_ledger.credit.check.facts import Checked
from client_ledger.site.doctypes import CLIENT_ACCOUNT, CREDIT_HOLD, CREDIT_HOLD_REASON
from client_ledger.site.notify import notify_later

ON_HOLD, RELEASED, CLEARED = "On Hold", "Released", "Cleared"
REJECTED, SUBMITTED, WITHDRAWN = "Rejected", "Submitted", "Withdrawn"
# A hold that meets others being written at the same moment is written again.
ATTEMPTS = 5
TELL = "client_ledger.tasks.tell_of_hold"
# A document whose hold is in one of these is still a draft.
WAITING = (ON_HOLD, RELEASED, CLEARED, REJECTED)


def hold_later(doc: Document, verdict: CheckVerdict, checked: Checked) -> None:
	"""Have the hold written as soon as this transaction ends, whichever way it ends."""
	values, reasons = hold_values(doc, verdict, checked)
	done: list[bool] = []

	def write() -> None:
		if not done and frappe.db.exists(doc.doctype, doc.name):
			done.append(True)
			write_hold(values, reasons)

	def write_and_commit() -> None:
		for attempt in range(1, ATTEMPTS + 1):
			try:
				write()
				frappe.db.commit()  # nosemgrep: the submit was rolled back, the hold has to stay
				return
			except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
				# Others are being held at the same moment; nothing of this attempt is left.
				done.clear()
				frappe.db.rollback()
				if attempt == ATTEMPTS:
					frappe.log_error(title=f"Credit Hold not written: {doc.doctype} {doc.name}"[:140])
					frappe.db.commit()  # nosemgrep: the log outlives the hold that failed

	frappe.db.after_rollback.add(write_and_commit)
	frappe.db.before_commit.add(write)


def hold_values(doc: Document, verdict: CheckVerdict, checked: Checked) -> tuple[dict, list[dict]]:
	"""Return the columns of a hold, and its reasons in the order of the rules."""
	facts = checked.facts
	editor = frappe.db.get_value(doc.doctype, doc.name, "modified_by")
	values = {
		"customer": doc.customer,
		"customer_name": doc.customer_name,
		"company": doc.company,
		"reference_doctype": doc.doctype,
		"reference_name": doc.name,
		"amount": float(facts.amount),
		"currency": frappe.get_cached_value("Company", doc.company, "default_currency"),
		"exposure": float(facts.exposure_after),
		"credit_limit": float(facts.limit.amount or 0),
		"grade": facts.grade if frappe.db.exists("Credit Grade", facts.grade) else None,
		"held_by": frappe.session.user,
		"document_owner": doc.owner,
		"parties": "\n".join(sorted({frappe.session.user, doc.owner, editor or doc.owner})),
		"evaluated_on": now_datetime(),
	}
	reasons = [
		{
			"rule": finding.rule,
			"action": finding.action.value,
			"figures": messages.stored(finding),
		}
		for finding in verdict.findings
	]
	return values, reasons


def write_hold(values: dict, reasons: list[dict]) -> Document:
	"""Put a document on hold, or bring its hold up to date if it waits already."""
	key = f"{values['reference_doctype']}: {values['reference_name']}"[:140]
	name = frappe.db.get_value(CREDIT_HOLD, {"open_key": key})
	if not name:
		frappe.db.savepoint("credit_hold")
		try:
			return _save_hold(frappe.new_doc(CREDIT_HOLD), key, values, reasons)
		except frappe.UniqueValidationError:
			# Somebody else submits the same document at this moment; theirs is brought up to date.
			frappe.db.rollback(save_point="credit_hold")
			frappe.clear_last_message()
			name = frappe.db.get_value(CREDIT_HOLD, {"open_key": key}, for_update=True)
	return _save_hold(frappe.get_doc(CREDIT_HOLD, name, for_update=True), key, values, reasons)


def _save_hold(hold: Document, key: str, values: dict, reasons: list[dict]) -> Document:
	before = (hold.customer, hold.company)
	is_news = hold.is_new() or hold.status != ON_HOLD
	if is_news:
		values = {**values, "held_on": now_datetime(), "status": ON_HOLD}
	parties = {*(hold.parties or "").split("\n"), *values["parties"].split("\n")} - {""}
	hold.update({**values, "parties": "\n".join(sorted(parties)), "open_key": key})
	hold.set("reasons", reasons)
	hold.save(ignore_permissions=True)
	for customer, company in {before, (hold.customer, hold.company)}:
		if customer:
			count_holds([customer], company)
	if is_news:
		notify_later(TELL, hold=hold.name)
	return hold


def release_of(doc: Document, facts: CheckFacts) -> frappe._dict | None:
	"""Return the hold whose release lets *doc* pass: its own, or that of the one document it is made from."""
	document = (doc.doctype, doc.name)
	for hold in _releases([document], (RELEASED,)):
		if as_release(hold).covers(document, doc.customer, doc.company, facts.amount, facts.today):
			return hold
	origins = documents.origins_of(doc)
	for hold in _releases(origins, (RELEASED, SUBMITTED)):
		if as_release(hold).covers_what_follows(
			origins, doc.customer, doc.company, facts.amount, facts.addition, facts.today
		):
			return hold
	return None


def _releases(references: Iterable[tuple[str, str]], statuses: tuple[str, ...]) -> list[frappe._dict]:
	found = []
	for doctype, name in references:
		found += frappe.get_all(
			CREDIT_HOLD,
			{
				"reference_doctype": doctype,
				"reference_name": name,
				"status": ("in", statuses),
				"released_until": ("is", "set"),
			},
			[
				"name",
				"reference_doctype",
				"reference_name",
				"customer",
				"company",
				"released_amount",
				"released_until",
			],
			order_by="decided_on desc",
		)
	return found


def as_release(hold: frappe._dict) -> Release:
	"""Return the release of a hold as the core's."""
	return Release(
		(hold.reference_doctype, hold.reference_name),
		hold.customer,
		hold.company,
		as_money(hold.released_amount),
		getdate(hold.released_until),
	)


def close_holds(doc: Document, status: str) -> None:
	"""Close the hold of a document that was submitted or deleted."""
	hold = frappe.qb.DocType(CREDIT_HOLD)
	query = (
		frappe.qb.from_(hold)
		.select(hold.name)
		.where((hold.reference_doctype == doc.doctype) & (hold.reference_name == doc.name))
		.where(hold.status.isin(WAITING))
		.orderby(hold.name)
	)
	for (name,) in query.run():
		hold = frappe.get_doc(CREDIT_HOLD, name)
		hold.status, hold.open_key = status, None
		hold.save(ignore_permissions=True)
		count_holds([hold.customer], hold.company)


def delete_holds_of(customer: str) -> None:
	"""Delete what is left of a customer that is deleted; it has no documents any more."""
	names = frappe.get_all(CREDIT_HOLD, {"customer": customer}, pluck="name", order_by="name")
	if names:
		frappe.db.delete(CREDIT_HOLD_REASON, {"parent": ("in", names)})
		frappe.db.delete(CREDIT_HOLD, {"name": ("in", names)})


def holds_by_account(customers: Iterable[str] | None = None) -> dict[AccountKey, int]:
	"""Return how many documents of each account are on hold. customers: None for all."""
	hold = frappe.qb.DocType(CREDIT_HOLD)
	query = (
		frappe.qb.from_(hold)
		.select(hold.customer, hold.company, Count(hold.name))
		.where(hold.status == ON_HOLD)
		.groupby(hold.customer, hold.company)
	)
	if customers is not None:
		query = query.where(hold.customer.isin([*customers, ""]))
	return {AccountKey(customer, company): number for customer, company, number in query.run()}


def count_holds(customers: Iterable[str], company: str) -> None:
	"""Bring the number of documents on hold on the accounts of *customers* up to date at once."""
	for customer in customers:
		number = holds_by_account([customer]).get(AccountKey(customer, company), 0)
		frappe.db.set_value(
			CLIENT_ACCOUNT,
			{"customer": customer, "company": company},
			"documents_on_hold",
			number,
			update_modified=False,
		)
