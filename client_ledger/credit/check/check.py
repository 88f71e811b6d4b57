"""The check itself: at the submit of orders, deliveries and invoices, and at what would get around it."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form, get_url_to_list

from client_ledger.core.credit.rules import CheckVerdict, RuleType, evaluate
from client_ledger.core.money import as_money
from client_ledger.credit.check import documents, erpnext_check, messages, reservations
from client_ledger.credit.check.approvers import approvers_of
from client_ledger.credit.check.facts import Checked, bypasses_orders, read_facts
from client_ledger.credit.check.holds import SUBMITTED, close_holds, hold_later, hold_values, release_of
from client_ledger.credit.check.rules import site_rules
from client_ledger.credit.limits.credit_groups import parent_of
from client_ledger.site.doctypes import CREDIT_HOLD
from client_ledger.site.settings import CheckMode, credit_checks

MOST_NAMES = 5
_LIMIT_RULES = (RuleType.OVER_LIMIT, RuleType.NO_CREDIT)


class CreditHoldError(frappe.ValidationError):
	"""A document may not be submitted: it is on credit hold."""

	title = "Credit Hold"


def check_document(doc: Document) -> None:
	"""Let *doc* pass, warn, or put it on hold. Called right before it is submitted.

	Raises CreditHoldError where it is held; it stays a draft and a Credit Hold stands in the queue.
	"""
	erpnext_check.restore(doc)
	mode = credit_checks()
	if mode == CheckMode.OFF or not documents.is_checked(doc):
		return
	if mode == CheckMode.HOLD:
		documents.require_own_lines(doc)
	checked, verdict = evaluate_document(doc)

	release = release_of(doc, checked.facts) if verdict.holds else None
	if mode == CheckMode.WARN:
		verdict = verdict.softened()
	elif verdict.holds and not release:
		_hold(doc, verdict, checked)
	if verdict.findings:
		_warn(doc, verdict, release)
	if release or _passed_the_limit(verdict):
		erpnext_check.suspend(doc, bool(release))
	if checked.recent is not None:
		reservations.reserve(doc, checked.parent, checked.facts.addition, checked.recent)


def _passed_the_limit(verdict: CheckVerdict) -> bool:
	"""Return whether our check of the limit replaces ERPNext's. Where no rule tested the limit, ERPNext's check applies."""
	if verdict.covered:
		return True
	over = any(finding.type in _LIMIT_RULES for finding in verdict.findings)
	return RuleType.OVER_LIMIT in verdict.tested and not over


def evaluate_document(
	doc: Document, addition: Decimal | None = None, locked: bool = True
) -> tuple[Checked, CheckVerdict]:
	"""Return the facts on *doc* and the verdict of the rules. Changes nothing; locked: see read_facts."""
	rules = site_rules(doc.company)
	checked = read_facts(doc, addition, locked, frozenset(rule.type for rule in rules))
	verdict = evaluate(rules, checked.facts)
	if any(finding.type is RuleType.OVER_LIMIT for finding in verdict.findings) and bypasses_orders(doc):
		verdict = evaluate([rule for rule in rules if rule.type is not RuleType.OVER_LIMIT], checked.facts)
	return checked, verdict


def after_insert(doc: Document) -> None:
	"""Note that nobody else knows of the draft yet: a submit that fails in the same transaction takes it along."""
	doc.flags.client_ledger_new = True
	frappe.db.after_commit.add(lambda: doc.flags.pop("client_ledger_new", None))


def after_submit(doc: Document) -> None:
	"""End the suspension of ERPNext's checks, and close the document's hold."""
	erpnext_check.restore(doc)
	close_holds(doc, SUBMITTED)


def after_cancel(doc: Document) -> None:
	"""What the document added is gone."""
	reservations.cancel(doc, parent_of(doc.customer))


def check_change(doc: Document) -> None:
	"""Refuse that a submitted order grows beyond what may be owed. Raises CreditHoldError.

	A submitted document cannot wait as a draft: more has to be ordered with an order of its own.
	"""
	before = doc.get_doc_before_save()
	if not before or not documents.is_checked(doc):
		return
	grown = as_money(doc.base_grand_total) - as_money(before.base_grand_total)
	if grown > 0:
		_refuse_growth(doc, grown)
	elif credit_checks() != CheckMode.OFF:
		# ERPNext checks its limit at every change, although nothing grows.
		erpnext_check.suspend(doc)


def after_change(doc: Document) -> None:
	"""End the suspension of ERPNext's checks for the change."""
	erpnext_check.restore(doc)


def check_reopening(doc: Document) -> None:
	"""Refuse that a closed order is opened again where it could not be submitted today. Raises CreditHoldError."""
	if doc.docstatus != 1 or doc.status == "Closed" or not documents.is_checked(doc):
		return
	if frappe.db.get_value(doc.doctype, doc.name, "status") != "Closed":
		return
	open_share = (100 - as_money(doc.per_billed)) / 100
	_refuse_growth(doc, as_money(doc.base_grand_total) * open_share)


def _refuse_growth(doc: Document, grown: Decimal) -> None:
	mode = credit_checks()
	if mode == CheckMode.OFF:
		return
	checked, verdict = evaluate_document(doc, grown)
	if mode == CheckMode.WARN or not verdict.holds:
		if verdict.findings:
			_warn(doc, verdict.softened(), None)
		if checked.recent is not None:
			reservations.reserve_growth(doc, checked.parent, grown, checked.recent)
		return
	frappe.throw(
		_("This change to {0} exceeds the credit rules:").format(_link(doc))
		+ messages.list_of(verdict.holds, doc.company)
		+ _("Create a separate document for the additional amount; it can be held and released."),
		CreditHoldError,
		title=_("Credit Hold"),
	)


def _hold(doc: Document, verdict: CheckVerdict, checked: Checked) -> None:
	stored = frappe.db.exists(doc.doctype, {"name": doc.name, "docstatus": 0})
	if stored:
		hold_later(doc, verdict, checked)
	if not stored or doc.flags.client_ledger_new:
		what_next = _(
			"Save the document as a draft first. Submitting it will then create a Credit Hold that can be "
			"released."
		)
	else:
		what_next = _(
			"The document stays in draft and is listed under <a href='{0}'>Credit Holds</a>."
		).format(get_url_to_list(CREDIT_HOLD))
	frappe.throw(
		_("{0} is on credit hold:").format(_link(doc))
		+ messages.list_of(verdict.holds, doc.company)
		+ what_next
		+ " "
		+ who_can_release(doc, verdict, checked),
		CreditHoldError,
		title=_("Credit Hold"),
	)


def who_can_release(doc: Document, verdict: CheckVerdict, checked: Checked) -> str:
	"""Return who may release *doc*, by name: never its owner, nor whoever is submitting it."""
	values, _reasons = hold_values(doc, verdict, checked)
	hold = frappe.new_doc(CREDIT_HOLD)
	hold.update(values)
	users = approvers_of(hold, MOST_NAMES + 1)
	if not users:
		return _(
			"No other user has the Credit Manager or Credit Controller role, so nobody can release it yet."
		)
	names = [frappe.utils.escape_html(frappe.utils.get_fullname(user)) for user in users[:MOST_NAMES]]
	shown = ", ".join(names) + (" ..." if len(users) > MOST_NAMES else "")
	return _("It can be released by: {0}.").format(shown)


def _warn(doc: Document, verdict: CheckVerdict, release: frappe._dict | None) -> None:
	title = _("Released") if release else _("Credit Warning")
	text = messages.list_of(verdict.findings, doc.company)
	if release:
		text += _("Released by {0}.").format(get_link_to_form(CREDIT_HOLD, release.name))
	frappe.msgprint(text, title=title, indicator="orange")


def _link(doc: Document) -> str:
	return f"<b>{_(doc.doctype)} {frappe.utils.escape_html(doc.name or '')}</b>"
