"""What the desk asks the server for about the differences of a confirmation: shown, joined, split, and their next steps.

Each function says what it requires; see client_ledger.confirmations.comparison_access for who may do what.
"""

from collections.abc import Callable, Sequence
from io import BytesIO

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.model.document import Document
from frappe.utils import getdate
from werkzeug.wrappers import Response

from client_ledger.collections.access import AccountOf
from client_ledger.confirmations import (
	compare_jobs,
	comparison,
	comparison_rows,
	comparison_view,
	decisions,
	next_steps,
	signed_balance,
	transit,
)
from client_ledger.confirmations.comparison_access import ROLES, LineRight, throw_gone
from client_ledger.core.reconciliation.differences import NextStep
from client_ledger.core.reconciliation.lines import Side
from client_ledger.core.reconciliation.matches import MatchPass
from client_ledger.core.reconciliation.reconcile import Reconciliation
from client_ledger.files.workbook import MIME_TYPE
from client_ledger.paper.reconciliation import ReconciliationTitles
from client_ledger.paper.reconciliation_xlsx import write
from client_ledger.site.arguments import a_name, a_text, arguments, one_of, some_names
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, RECONCILIATION_LINE
from client_ledger.site.messages import filled
from client_ledger.site.one_by_one import MOST_AT_ONCE, try_each
from client_ledger.site.requirements import CompanyOf, DocumentRight, OneOf, requires
from client_ledger.statements.style import site_style

# With more lines on both sides a browser would wait too long.
MOST_LINES_NOW = 10_000
WORK = OneOf(ROLES["work"])
CONFIRMATION = (DocumentRight(BALANCE_CONFIRMATION), CompanyOf(BALANCE_CONFIRMATION))
LINE = (
	LineRight(RECONCILIATION_LINE, argument="line"),
	CompanyOf(RECONCILIATION_LINE, "line"),
)
STEP = one_of(*(step.value for step in NextStep))


def _of(name: str) -> Document:
	return frappe.get_doc(BALANCE_CONFIRMATION, name)


# --- shown ---


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*CONFIRMATION)
def get_comparison(name: str) -> dict:
	"""Return the comparison of a confirmation: their balance + differences by kind = our balance, and what to do."""
	return comparison_view.of_confirmation(_of(name))


@frappe.whitelist(methods=["GET"])
@arguments(found_by=one_of(*(one.value for one in MatchPass)))
@requires(*CONFIRMATION)
def comparison_matches(name: str, found_by: str, start: int = 0, limit: int = 50) -> dict:
	"""Return a page of the matches that a pass has made."""
	return comparison_view.matches(_of(name), found_by, max(start, 0), max(limit, 1))


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*CONFIRMATION)
def lines_to_join(name: str) -> dict:
	"""Return the lines of both sides that have no counterpart."""
	return comparison_view.single_lines(_of(name))


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*CONFIRMATION)
def comparison_xlsx(name: str) -> Response:
	"""Return the comparison as an Excel workbook."""
	doc = _of(name)
	part = comparison.stored_part(doc)
	if not part:
		frappe.throw(filled(_("{0} has not been compared yet."), name))
	make_access_log(
		doctype=BALANCE_CONFIRMATION, document=name, file_type="XLSX", method="Balance Comparison"
	)
	notes = tuple(comparison.notes_of(comparison.figures_of(doc) or {}))
	titles = ReconciliationTitles(doc.company, doc.customer_name or doc.customer, getdate(doc.as_of), notes)
	file = BytesIO()
	write(Reconciliation((part,)), titles, site_style(), file)
	answer = Response(file.getvalue(), mimetype=MIME_TYPE)
	answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.xlsx")
	return answer


# --- compared ---


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, *CONFIRMATION, AccountOf(BALANCE_CONFIRMATION))
def compare_again(name: str) -> dict:
	"""Compare the ledgers anew: ours as it is now, theirs as it came last."""
	doc = _of(name)
	return _compared(doc, doc.reply)


def _compared(doc: Document, reply: str | None) -> dict:
	"""Compare now, or have long lists compared by a job; return what the form shows then."""
	comparison.check_not_ended(doc)
	lines = (comparison.figures_of(doc) or {}).get("lines", {})
	if reply and sum(lines.values()) > MOST_LINES_NOW:
		compare_jobs.queue(doc.name, reply)
	else:
		comparison.compare(doc.name, reply)
	return comparison_view.of_confirmation(_of(doc.name))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, *CONFIRMATION, AccountOf(BALANCE_CONFIRMATION))
def look_again(name: str) -> dict:
	"""End the steps that have ended, and look again at what was in transit."""
	transit.look_again(name)
	return comparison_view.of_confirmation(_of(name))


@frappe.whitelist(methods=["POST"])
@arguments(chosen=some_names)
@requires(WORK, *CONFIRMATION, AccountOf(BALANCE_CONFIRMATION))
def join_lines(name: str, chosen: list[str] | str) -> dict:
	"""Join lines of both ledgers that are one business, whatever their amounts, and compare anew."""
	return _decide(name, chosen, lambda decided, ours, theirs: decided.join(ours, theirs))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, *CONFIRMATION, AccountOf(BALANCE_CONFIRMATION))
def split_match(name: str, match_no: int) -> dict:
	"""Say that the lines of a match are no business of each other, and compare anew."""
	rows = comparison_rows.read(name, match_no=match_no) if match_no else []
	if not rows:
		frappe.throw(_("This match is gone. Reload the page."))
	lines = [row.name for row in rows]
	return _decide(name, lines, lambda decided, ours, theirs: decided.split(ours, theirs))


def _decide(
	name: str,
	lines: Sequence[str],
	change: Callable[[decisions.LineDecisions, list[str], list[str]], None],
) -> dict:
	doc = comparison.lock(name)
	comparison.check_not_ended(doc)
	rows = comparison_rows.read(name, name=("in", list(lines) or [""]))
	if len(rows) != len(set(lines)):
		throw_gone()
	sides = {side: [row.line_id for row in rows if row.side == side.value and row.line_id] for side in Side}
	decisions.check(sides[Side.OURS], sides[Side.THEIRS])
	decided = decisions.of(doc)
	change(decided, sides[Side.OURS], sides[Side.THEIRS])
	decisions.keep(doc, decided)
	return _compared(doc, doc.compared_reply)


# --- next steps ---


@frappe.whitelist(methods=["POST"])
@arguments(step=STEP, reason=a_name)
@requires(WORK, *LINE, AccountOf(RECONCILIATION_LINE, "line"))
def make_step(line: str, step: str | None = None, reason: str | None = None) -> dict:
	"""Make the next step of a difference, once; return its document, or the payments that were found.

	step: another than the one proposed. reason: of a dispute.
	"""
	return comparison_view.made_as_dict(next_steps.make(line, step or None, reason or None))


@frappe.whitelist(methods=["POST"])
@arguments(chosen=some_names)
@requires(WORK, *CONFIRMATION, AccountOf(BALANCE_CONFIRMATION))
def make_steps(name: str, chosen: list[str] | str) -> list[dict]:
	"""Make the proposed steps of many differences of a confirmation; return for each whether it was made, and else why not."""
	own = {row.name for row in comparison_rows.read(name, difference_kind=("is", "set"))}
	lines = [line for line in dict.fromkeys(chosen) if line in own]
	if not 0 < len(lines) <= MOST_AT_ONCE:
		frappe.throw(filled(_("Select between 1 and {0} differences."), MOST_AT_ONCE))

	def make(line: str) -> next_steps.Made:
		return next_steps.make(line)

	return [
		{
			"line": line,
			"done": bool(one.result and one.result.name),
			"choices": len(one.result.candidates) if one.result else 0,
			"reason": one.reason,
		}
		for line, one in try_each(lines, make, RECONCILIATION_LINE)
	]


@frappe.whitelist(methods=["POST"])
@arguments(payment_type=one_of("Payment Entry", "Bank Transaction"), payment=a_name)
@requires(WORK, *LINE, AccountOf(RECONCILIATION_LINE, "line"))
def choose_payment(line: str, payment_type: str, payment: str) -> dict:
	"""Take a payment that was found as the one that a difference is about."""
	return comparison_view.made_as_dict(next_steps.choose_payment(line, payment_type, payment))


@frappe.whitelist(methods=["POST"])
@arguments(why=a_text)
@requires(WORK, *LINE, AccountOf(RECONCILIATION_LINE, "line"))
def agree_on_difference(line: str, why: str) -> None:
	"""End a difference because both sides agree on it, for a reason."""
	next_steps.agree(line, why)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, *LINE, AccountOf(RECONCILIATION_LINE, "line"))
def reopen_difference(line: str) -> None:
	"""Take back that a difference has ended."""
	next_steps.reopen(line)


# --- settled ---


@frappe.whitelist(methods=["POST"])
@arguments(position=a_name)
@requires(OneOf(ROLES["settle"]), *CONFIRMATION, AccountOf(BALANCE_CONFIRMATION))
def settle_confirmation(name: str, position: str | None = None) -> str:
	"""Settle a confirmation whose differences have all ended; return the address of the paper that both sides sign."""
	return signed_balance.settle(name, position)


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*CONFIRMATION)
def signed_balance_pdf(name: str) -> Response:
	"""Return the paper of a settled confirmation."""
	file_name, content = signed_balance.read(_of(name))
	answer = Response(content, mimetype="application/pdf")
	answer.headers.set("Content-Disposition", "inline", filename=file_name)
	return answer
