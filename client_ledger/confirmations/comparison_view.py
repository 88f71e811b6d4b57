"""What the form of a confirmation shows of its comparison, as plain dicts: the identity, the differences with their steps, the matches.

Amounts are numbers in the confirmation's currency. Documents that the user may not open are shown as text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from client_ledger.confirmations import comparison, comparison_rows, step_status
from client_ledger.confirmations.comparison_access import can
from client_ledger.core.confirmations import steps
from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.core.confirmations.stored import reason_of
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.reconciliation.differences import DifferenceKind
from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.matches import MatchPass
from client_ledger.paper.reconciliation import because
from client_ledger.site.access import link, readable
from client_ledger.statements.style import site_style

# Of each kind at first; the rest is in the workbook and in the list.
MOST_OF_A_KIND, MOST_MATCHES = 100, 100
Rows = Sequence[frappe._dict]


def of_confirmation(doc: Document) -> dict[str, Any]:
	"""Return the comparison of a confirmation; only the rights where it has not been compared."""
	ended = doc.status in comparison.CLOSED
	head = {
		"name": doc.name,
		"currency": doc.currency,
		"status": doc.status,
		"comparison_status": doc.comparison_status,
		"error": doc.comparison_error,
		"settled": doc.status == ConfirmationStatus.SETTLED.value,
		"signed_balance": bool(doc.signed_balance),
		"has_reply": bool(doc.reply),
		"may": {"work": can("work") and not ended, "settle": can("settle") and not ended},
	}
	figures = comparison.figures_of(doc)
	if not figures:
		return {**head, "compared": False}
	differing = comparison_rows.read(doc.name, difference_kind=("is", "set"))
	return {
		**head,
		"compared": True,
		"compared_on": str(doc.compared_on),
		"theirs": flt(figures["theirs"]),
		"ours": flt(figures["ours"]),
		"tolerance": flt(figures["tolerance"]),
		"lines": figures["lines"],
		"notes": comparison.notes_of(figures),
		"open": steps.open_differences(differing),
		"kinds": _kinds(doc, differing),
		"passes": _passes(doc.name),
		"former": [_former(row) for row in figures.get("former", ())],
	}


def _kinds(doc: Document, differing: Rows) -> list[dict[str, Any]]:
	"""Return the differences by kind, open ones and the largest first, with what may be done about each."""
	found: dict[str, list[frappe._dict]] = {}
	for row in differing:
		found.setdefault(row.difference_kind, []).append(row)
	shown = {
		kind: sorted(
			rows, key=lambda row: (not steps.is_open(row), -abs(row.difference), str(row.date), row.line_no)
		)[:MOST_OF_A_KIND]
		for kind, rows in found.items()
	}
	seen = [row for rows in shown.values() for row in rows]
	by_match = _by_match(comparison_rows.of_matches(doc.name, {row.match_no for row in seen if row.match_no}))
	states, visible = step_status.of_rows(seen), _visible(seen, by_match)
	return [
		{
			"kind": kind.value,
			"count": len(found[kind.value]),
			"open": sum(map(steps.is_open, found[kind.value])),
			"amount": float(sum((as_money(row.difference) for row in found[kind.value]), ZERO)),
			"rows": [_difference(row, by_match, states, visible) for row in shown[kind.value]],
		}
		for kind in DifferenceKind
		if kind.value in found
	]


def _by_match(rows: Rows) -> dict[int, list[frappe._dict]]:
	found: dict[int, list[frappe._dict]] = {}
	for row in rows:
		if row.match_no:
			found.setdefault(row.match_no, []).append(row)
	return found


def _difference(
	row: frappe._dict,
	by_match: Mapping[int, Rows],
	states: Mapping[tuple[str, str], step_status.StepStatus],
	visible: set[Voucher],
) -> dict[str, Any]:
	lines = by_match.get(row.match_no, [row] if row.line_id else [])
	has_invoice = any(line.voucher_type == SALES_INVOICE for line in lines)
	kind = DifferenceKind(row.difference_kind)
	return {
		"name": row.name,
		"ours": [_line(line, visible) for line in lines if line.side == Side.OURS.value],
		"theirs": [_line(line, visible) for line in lines if line.side == Side.THEIRS.value],
		"amount": flt(row.difference),
		"reason": because(reason_of(row), site_style()),
		"match_no": row.match_no,
		"next_step": row.next_step,
		"look_again_on": str(row.look_again_on) if row.look_again_on else None,
		"possible": [step.value for step in steps.possible(kind, has_invoice)],
		"step": _step(row, states, visible),
		"open": steps.is_open(row),
		"done": cint(row.done),
		"done_note": row.done_note,
	}


def _step(
	row: frappe._dict, states: Mapping[tuple[str, str], step_status.StepStatus], visible: set[Voucher]
) -> dict[str, Any] | None:
	if not row.step_name:
		return None
	state = states[row.step_doctype, row.step_name]
	return {
		**link(Voucher(row.step_doctype, row.step_name), visible),
		"state": "Ended" if cint(row.done) else state.state.value,
		"status": state.status,
	}


def _visible(rows: Rows, by_match: Mapping[int, Rows]) -> set[Voucher]:
	vouchers = {Voucher(row.step_doctype, row.step_name) for row in rows if row.step_name}
	for row in rows:
		for line in by_match.get(row.match_no, (row,)):
			if line.voucher_no:
				vouchers.add(Voucher(line.voucher_type, line.voucher_no))
	return readable(vouchers)


def _line(row: frappe._dict, visible: set[Voucher]) -> dict[str, Any]:
	voucher = link(Voucher(row.voucher_type, row.voucher_no), visible) if row.voucher_no else None
	return {
		"id": row.name,
		"number": row.number or row.text or "",
		"text": row.text or "",
		"date": str(row.date) if row.date else None,
		"amount": flt(row.amount),
		"kind": row.kind,
		"voucher": voucher,
	}


def _passes(confirmation: str) -> list[dict[str, Any]]:
	"""Return how many matches each pass has made, over what amount of ours."""
	found = comparison_rows.passes_of(confirmation)
	return [
		{"found_by": one.value, "count": found[one.value][0], "amount": found[one.value][1]}
		for one in MatchPass
		if one.value in found
	]


def _former(row: Mapping[str, Any]) -> dict[str, Any]:
	voucher = Voucher(row["step_doctype"], row["step_name"]) if row.get("step_name") else None
	shown = link(voucher, readable([voucher])) if voucher else None
	return {**row, "amount": flt(row["amount"]), "step": shown}


def matches(doc: Document, found_by: str, start: int, limit: int) -> dict[str, Any]:
	"""Return a page of a confirmation's matches of one pass, the oldest first."""
	rows = comparison_rows.read(doc.name, found_by=found_by, match_no=(">", 0))
	by_match = _by_match(rows)
	numbers = sorted(by_match, key=lambda number: (str(by_match[number][0].date), number))
	page = numbers[start : start + min(limit, MOST_MATCHES)]
	visible = _visible([row for number in page for row in by_match[number]], by_match)
	return {
		"total": len(numbers),
		"rows": [_match(by_match[number], visible) for number in page],
	}


def _match(rows: Rows, visible: set[Voucher]) -> dict[str, Any]:
	theirs = [row for row in rows if row.side == Side.THEIRS.value]
	ours = [row for row in rows if row.side == Side.OURS.value]
	said = theirs[0]
	return {
		"match_no": said.match_no,
		"ours": [_line(row, visible) for row in ours],
		"theirs": [_line(row, visible) for row in theirs],
		"our_amount": flt(sum(as_money(row.amount) for row in ours)),
		"their_amount": flt(sum(as_money(row.amount) for row in theirs)),
		"confidence": said.confidence,
		"reason": because(reason_of(said), site_style()),
		"decided_by": said.decided_by,
	}


def single_lines(doc: Document) -> dict[str, list[dict[str, Any]]]:
	"""Return the lines of both sides that have no counterpart, the oldest first."""
	rows = comparison_rows.read(doc.name, match_no=0, line_id=("is", "set"))
	rows.sort(key=lambda row: (str(row.date), row.line_no))
	visible = _visible(rows, {})
	return {
		side.value: [_line(row, visible) for row in rows if row.side == side.value][:1000] for side in Side
	}


def made_as_dict(made: Any) -> dict[str, Any]:
	"""Return what a click brought about; the documents of payments that the user may not open are shown as text."""
	found = readable(Voucher(one["doctype"], one["name"]) for one in made.candidates)
	return {
		"doctype": made.doctype,
		"name": made.name,
		"candidates": [
			{
				**one,
				**link(Voucher(one["doctype"], one["name"]), found),
				"why": [_(why) for why in one["why"]],
			}
			for one in made.candidates
		],
	}
