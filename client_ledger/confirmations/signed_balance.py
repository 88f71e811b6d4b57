"""A settled confirmation: every difference has ended, both sides' balance is printed, kept, and nothing of it changes any more."""

import json
from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_fullname, getdate, now_datetime

from client_ledger.archive.keep import keep_at_least_figures
from client_ledger.archive.kinds import SIGNED
from client_ledger.confirmations import comparison, comparison_rows, rounds, step_status
from client_ledger.confirmations.files import read_file, store_file
from client_ledger.core.confirmations import steps
from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.core.confirmations.stored import part_of
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.reconciliation.differences import DifferenceKind
from client_ledger.core.reconciliation.reconcile import BalanceIdentity, CurrencyReconciliation
from client_ledger.core.statements.stored import amount_text
from client_ledger.paper.signed_balance import Signatory, SignedBalance, lay_out
from client_ledger.site.doctypes import BALANCE_CONFIRMATION
from client_ledger.site.language import site_language, spoken
from client_ledger.site.messages import bold, filled
from client_ledger.statements.printing import pdf_of
from client_ledger.statements.style import site_style

FIELD = "signed_balance"


def settle(confirmation: str, position: str | None = None) -> str:
	"""Settle a confirmation whose differences have all ended: make the paper that both sides sign; return its address.

	position: of the user, who signs for us. Settled once, the paper that is there is returned. Raises frappe.ValidationError with what
	is still open.
	"""
	doc = comparison.lock(confirmation)
	if doc.status == ConfirmationStatus.SETTLED.value:
		return doc.signed_balance
	comparison.check_not_ended(doc)
	if not doc.reply:
		frappe.throw(filled(_("{0} has no reply yet, so there is nothing to sign."), bold(doc.name)))
	rows = _ended_rows(doc)
	part = _part(doc, rows)
	_require_all_ended(doc, rows)
	now = now_datetime()
	ours = Signatory(doc.company, get_fullname(), (position or "").strip()[:140], now.date())
	theirs = Signatory(
		doc.customer_name or doc.customer,
		doc.replied_by or "",
		doc.replied_position or "",
		getdate(doc.replied_on) if doc.replied_on else None,
	)
	language = _language(doc)
	with spoken(language):
		content = _pdf(doc, part, rows, ours, theirs)
		name = _("Balance Agreement")
	file_name = f"{name} {doc.customer_name or doc.customer} {doc.as_of}.pdf".replace("/", "-")
	url = store_file(BALANCE_CONFIRMATION, doc.name, FIELD, file_name, content)
	fields = {
		"status": ConfirmationStatus.SETTLED.value,
		"open_differences": 0,
		"settled_on": now,
		"settled_by": frappe.session.user,
		"settled_balance": float(part.identity.ours),
		FIELD: url,
		"signed_for_us": ", ".join(filter(None, (ours.name, ours.position))),
		"signed_for_us_on": now,
		"signed_for_them": ", ".join(filter(None, (theirs.name, theirs.position))),
		"signed_for_them_on": doc.replied_on,
	}
	doc.update(fields)
	doc.flags.by_action = True
	doc.flags.ignore_permissions = True
	doc.save()
	rounds.count_of([doc.name])
	_archive(doc, part, ours, theirs, file_name, content)
	return url


def _ended_rows(doc: Document) -> list[frappe._dict]:
	"""Return the rows of a confirmation, those whose step has ended marked."""
	if step_status.update(comparison_rows.read(doc.name, difference_kind=("is", "set"))):
		comparison_rows.count_open(doc.name)
	return comparison_rows.read(doc.name)


def _require_all_ended(doc: Document, rows: Sequence[frappe._dict]) -> None:
	left = [row for row in rows if steps.is_open(row)]
	if left:
		named = ", ".join(str(row.number or _(row.difference_kind)) for row in left[:5])
		frappe.throw(
			filled(
				_("{0} differences are still open: {1}. Complete their next steps, or agree on them."),
				len(left),
				named,
			),
			title=_("Not Settled Yet"),
		)


def _part(doc: Document, rows: Sequence[frappe._dict]) -> CurrencyReconciliation:
	"""Return the comparison that is signed; one that was only confirmed has no differences."""
	if figures := comparison.figures_of(doc):
		if doc.compared_reply != doc.reply:
			frappe.throw(_("Another reply counts by now than the one that was compared. Compare again."))
		return part_of(rows, doc.currency, as_money(figures["theirs"]), as_money(figures["ours"]))
	ours = as_money(doc.our_balance)
	theirs = as_money(doc.stated_balance) if cint(doc.has_stated) else ours
	if ours != theirs:
		frappe.throw(
			filled(
				_("The balances of {0} differ and have not been compared. Compare them first."),
				bold(doc.name),
			)
		)
	return CurrencyReconciliation(
		doc.currency, (), (), BalanceIdentity(doc.currency, theirs, dict.fromkeys(DifferenceKind, ZERO), ours)
	)


def _language(doc: Document) -> str:
	return doc.language or frappe.db.get_value("Customer", doc.customer, "language") or site_language()


def _pdf(
	doc: Document,
	part: CurrencyReconciliation,
	rows: Sequence[frappe._dict],
	ours: Signatory,
	theirs: Signatory,
) -> bytes:
	signed = SignedBalance(
		doc.company,
		theirs.party,
		doc.name,
		getdate(doc.as_of),
		part,
		ours,
		theirs,
		outcomes_of(rows),
	)
	return pdf_of(
		lay_out(signed, site_style(), getdate()),
		doc.company,
		len(part.differences),
		_("Balance Agreement"),
	)


def outcomes_of(rows: Sequence[frappe._dict]) -> dict[int, str]:
	"""Return what became of each difference, by its place, in the language spoken now."""
	found = [row for row in rows if row.difference_kind]
	# As part_of has them: those of matches in their order, then the others.
	return {place: _outcome(row) for place, row in enumerate(found)}


def _outcome(row: frappe._dict) -> str:
	if not cint(row.done):
		return _(row.next_step)
	if row.step_name:
		return f"{_(row.step_doctype)} {row.step_name}: {_(row.done_note or '')}".rstrip(": ")
	return row.done_note or ""


def read(doc: Document) -> tuple[str, bytes]:
	"""Return the paper of a settled confirmation: (name, content). Raises frappe.ValidationError where there is none."""
	try:
		if doc.signed_balance:
			return read_file(BALANCE_CONFIRMATION, doc.name, doc.signed_balance)
	except (OSError, frappe.DoesNotExistError):
		pass
	frappe.throw(filled(_("{0} has no signed balance."), bold(doc.name)))


def _archive(
	doc: Document,
	part: CurrencyReconciliation,
	ours: Signatory,
	theirs: Signatory,
	file_name: str,
	content: bytes,
) -> None:
	figures: dict[str, Any] = {
		"theirs": amount_text(part.identity.theirs),
		"ours": amount_text(part.identity.ours),
		"by_kind": {
			kind.value: amount_text(amount) for kind, amount in part.identity.by_kind.items() if amount
		},
		"currency": doc.currency,
		"signed_for_us": [ours.party, ours.name, ours.position, str(ours.on or "")],
		"signed_for_them": [theirs.party, theirs.name, theirs.position, str(theirs.on or "")],
		"comparison": json.loads(doc.comparison) if doc.comparison else {},
	}
	keep_at_least_figures(
		SIGNED,
		doc.company,
		BALANCE_CONFIRMATION,
		doc.name,
		files=[(file_name, content)],
		customer=doc.customer,
		figures=figures,
		on=getdate(doc.as_of),
	)
