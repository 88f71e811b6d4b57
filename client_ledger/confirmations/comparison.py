"""Two ledgers of one confirmation compared: ours as it is now, theirs as the customer has answered.

	reply -> two sides (their_lines) -> client_ledger/core/reconciliation, with what people decided -> rows, the identity kept

Each run replaces all rows; what was begun about a line stays with it. Nothing is compared twice at a time: the confirmation is locked.
"""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from client_ledger.confirmations import comparison_rows, decisions, rounds
from client_ledger.confirmations.their_lines import UPLOADED, Sides, sides_of
from client_ledger.core.confirmations import steps
from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.core.confirmations.stored import part_of, rows_of
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.reconciliation.differences import DifferenceKind, NextStep
from client_ledger.core.reconciliation.lines import LedgerSide, MatchSettings
from client_ledger.core.reconciliation.matches import Because
from client_ledger.core.reconciliation.reconcile import CurrencyReconciliation, reconcile
from client_ledger.core.statements.stored import amount_text
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY
from client_ledger.site.messages import bold, filled

COMPARED = "Compared"
# Whose comparison stands.
CLOSED = (ConfirmationStatus.SETTLED.value, ConfirmationStatus.CANCELLED.value)
TOLERANCE = "cl_reconciliation_tolerance"


def compare(confirmation: str, reply: str | None = None) -> int:
	"""Compare a confirmation with an answer (None: with the one compared last, else the one that counts); return how many
	differences are open.

	Raises frappe.ValidationError where there is no answer, its file cannot be read, or the confirmation is settled or cancelled. It
	asks for no permission: the caller has to. Writes in the caller's transaction.
	"""
	doc = lock(confirmation)
	check_not_ended(doc)
	name = reply or doc.compared_reply or doc.reply
	if not name:
		frappe.throw(filled(_("{0} has no reply yet, so there is nothing to compare."), bold(confirmation)))
	answer = frappe.get_doc(CONFIRMATION_REPLY, name)
	if answer.confirmation != doc.name:
		frappe.throw(filled(_("{0} belongs to another confirmation."), name))
	settings = settings_of(doc.company, doc.currency, getdate(doc.as_of))
	sides = sides_of(doc, answer, settings)
	decided = decisions.of(doc)
	result = reconcile(
		_with_balance(sides.our_side, doc.currency), sides.their_side, settings, decided.as_core()
	)
	part = next(part for part in result.parts if part.currency == doc.currency)
	notes = [*sides.notes, *_more_notes(doc, part, len(result.ignored))]
	rows = rows_of(_as_proposed(part))
	kept = comparison_rows.replace(doc, answer.name, rows, sides.ours.vouchers, decided)
	figures = _figures(part, sides, settings, notes, kept.former)
	_write(doc, answer, part, figures, kept.open_differences)
	return kept.open_differences


def lock(confirmation: str) -> Document:
	"""Return a confirmation, locked until the transaction ends."""
	return frappe.get_doc(BALANCE_CONFIRMATION, confirmation, for_update=True)


def check_not_ended(doc: Document) -> None:
	"""Raise frappe.ValidationError for a confirmation whose comparison stands."""
	if doc.status in CLOSED:
		frappe.throw(
			filled(
				_("{0} is {1}, so its comparison cannot be changed any more."), bold(doc.name), _(doc.status)
			)
		)


def settings_of(company: str, currency: str, as_of: date) -> MatchSettings:
	"""Return what a company says of comparisons; its tolerance is an amount in its own currency."""
	fields = frappe.get_cached_value("Company", company, ["default_currency", TOLERANCE], as_dict=True)
	is_own = fields.default_currency == currency
	return MatchSettings(as_of, as_money(fields.get(TOLERANCE)) if is_own else ZERO)


def stored_part(doc: Document) -> CurrencyReconciliation | None:
	"""Return the comparison of a confirmation as it was made, None where there is none."""
	figures = figures_of(doc)
	if not figures:
		return None
	rows = comparison_rows.read(doc.name)
	return part_of(rows, doc.currency, Decimal(figures["theirs"]), Decimal(figures["ours"]))


def figures_of(doc: Document) -> dict[str, Any] | None:
	"""Return the figures of a comparison, None where there is none."""
	return json.loads(doc.comparison) if doc.comparison else None


def notes_of(figures: dict[str, Any]) -> list[str]:
	"""Return how the sides were read, in the language spoken now."""
	return [_(message).format(*values) for message, values in figures.get("notes", ())]


def _with_balance(side: LedgerSide, currency: str) -> LedgerSide:
	"""Return a side that has a balance in *currency*, be it nothing."""
	return LedgerSide(side.lines, side.opening, {currency: side.balance(currency)}, side.begins, side.ends)


def _as_proposed(part: CurrencyReconciliation) -> CurrencyReconciliation:
	"""Return a comparison whose steps can be made: only documents of ours are disputed or sent again."""
	found = tuple(
		replace(one, next_step=steps.proposed(one.next_step, _has_invoice(one))) for one in part.differences
	)
	return replace(part, differences=found)


def _has_invoice(one: Any) -> bool:
	lines = one.match.ours if one.match else (one.line,) if one.line else ()
	return any(line.id.startswith("Sales Invoice|") for line in lines)


def _more_notes(doc: Document, part: CurrencyReconciliation, ignored: int) -> list[Because]:
	notes = []
	if as_money(doc.our_balance) != part.identity.ours and doc.stated_on:
		message = marked(
			"Our ledger as of this day has changed since the letter, which said {0}; now it is {1}."
		)
		notes.append(
			Because(message, (amount_text(as_money(doc.our_balance)), amount_text(part.identity.ours)))
		)
	if part.bounded:
		message = marked(
			"For {0} lines the search for several that make them up was given up at its bound; a person may join them."
		)
		notes.append(Because(message, (len(part.bounded),)))
	if ignored:
		message = marked("{0} decisions were left out: their lines are gone or in another one.")
		notes.append(Because(message, (ignored,)))
	return notes


def _figures(
	part: CurrencyReconciliation,
	sides: Sides,
	settings: MatchSettings,
	notes: list[Because],
	former: list[dict[str, Any]],
) -> dict[str, Any]:
	counts = {kind: sum(one.kind is kind for one in part.differences) for kind in DifferenceKind}
	return {
		"currency": part.currency,
		"as_of": settings.as_of.isoformat(),
		"tolerance": amount_text(settings.tolerance),
		"theirs": amount_text(part.identity.theirs),
		"ours": amount_text(part.identity.ours),
		"by_kind": {
			kind.value: {"amount": amount_text(part.identity.by_kind[kind]), "count": counts[kind]}
			for kind in DifferenceKind
			if counts[kind]
		},
		"lines": {"ours": len(sides.our_side.lines), "theirs": len(sides.their_side.lines)},
		"matches": len(part.matches),
		"is_turned": sides.is_turned,
		"notes": [[note.message, [str(value) for value in note.values]] for note in notes],
		"former": former,
	}


def _write(
	doc: Document,
	answer: Document,
	part: CurrencyReconciliation,
	figures: dict[str, Any],
	open_differences: int,
) -> None:
	fields: dict[str, Any] = {
		"comparison": json.dumps(figures, ensure_ascii=False),
		"comparison_status": COMPARED,
		"comparison_error": None,
		"compared_on": now_datetime(),
		"compared_reply": answer.name,
		"open_differences": open_differences,
	}
	identity = part.identity
	if answer.answer == UPLOADED or answer.has_balance:
		fields |= {"has_stated": 1, "stated_balance": float(identity.theirs)}
		fields["difference"] = float(identity.ours - identity.theirs)
	if any(one.next_step is not NextStep.NONE for one in part.differences):
		fields["status"] = ConfirmationStatus.DIFFERENCES.value
	elif answer.answer == UPLOADED:
		fields["status"] = ConfirmationStatus.CONFIRMED.value
	frappe.db.set_value(BALANCE_CONFIRMATION, doc.name, fields)
	frappe.clear_document_cache(BALANCE_CONFIRMATION, doc.name)
	rounds.count_of([doc.name])
