"""What was on its way: looked at again when its day has come, and ended where we have booked it meanwhile.

Their payments are sought in what our ledger has after the day of the confirmation. What they have not booked of ours only a new
list of theirs can show: then it is a follow-up for whoever is responsible.
"""

from datetime import date

import frappe
from frappe.utils import add_days, getdate, now_datetime

from client_ledger.confirmations import comparison, comparison_rows, next_steps, step_status
from client_ledger.confirmations.our_lines import our_ledger
from client_ledger.core.confirmations.stored import booked_line
from client_ledger.core.marked import marked
from client_ledger.core.reconciliation.differences import DifferenceKind, NextStep
from client_ledger.core.reconciliation.lines import LedgerSide, Side
from client_ledger.core.reconciliation.matches import Confidence
from client_ledger.core.reconciliation.reconcile import reconcile
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, RECONCILIATION_LINE
from client_ledger.site.jobs import each_or_log

BOOKED = marked("Booked by us after the day of the confirmation.")


def nightly(today: date | None = None) -> None:
	"""End the steps that have ended, and look again at what is due. Commits."""
	today = today or getdate()
	running = frappe.get_all(
		BALANCE_CONFIRMATION,
		{"open_differences": (">", 0), "status": ("not in", comparison.CLOSED)},
		pluck="name",
		order_by="name",
	)

	def work(names: list[str]) -> None:
		for name in names:
			look_again(name, today)

	each_or_log(running, work, title="Differences not looked at", doctype=BALANCE_CONFIRMATION, size=1)


def look_again(confirmation: str, today: date | None = None) -> int:
	"""Look again at what a confirmation has in transit and is due; return how many differences it has ended."""
	today = today or getdate()
	doc = comparison.lock(confirmation)
	rows = comparison_rows.read(confirmation, difference_kind=("is", "set"))
	ended = step_status.update(rows)
	due = [
		row
		for row in comparison_rows.read(confirmation, difference_kind=DifferenceKind.IN_TRANSIT.value, done=0)
		if not row.look_again_on or getdate(row.look_again_on) <= today
	]
	theirs = [row for row in due if row.side == Side.THEIRS.value]
	found = _booked_since(doc, theirs, today) if theirs else {}
	for row in due:
		if voucher := found.get(row.line_id):
			_end(row, voucher)
			ended += 1
		elif not row.step_name:
			next_steps.make(row.name, NextStep.LOOK_AGAIN.value)
	comparison_rows.count_open(confirmation)
	return ended


def _booked_since(doc: "frappe.model.document.Document", rows: list, today: date) -> dict:
	"""Return the vouchers of ours that came after the day of the confirmation, by the lines of theirs that they are."""
	as_of = getdate(doc.as_of)
	later = our_ledger(doc.customer, doc.company, doc.currency, today, getdate(add_days(as_of, 1)))
	settings = comparison.settings_of(doc.company, doc.currency, today)
	theirs = LedgerSide(tuple(booked_line(row, doc.currency) for row in rows))
	result = reconcile(LedgerSide(later.side.lines), theirs, settings)
	return {
		line.id: later.vouchers[match.ours[0].id]
		for match in result.matches
		if match.confidence is not Confidence.POSSIBLE and not match.difference
		for line in match.theirs
	}


def _end(row: frappe._dict, voucher: tuple[str, str]) -> None:
	fields = {"done": 1, "done_on": now_datetime(), "done_by": frappe.session.user, "done_note": BOOKED}
	if not row.step_name:
		fields |= {"step_doctype": voucher[0], "step_name": voucher[1]}
	frappe.db.set_value(RECONCILIATION_LINE, row.name, fields)
