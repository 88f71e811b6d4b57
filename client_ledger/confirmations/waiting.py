"""What waits for a person about confirmations, for the home page: differences, replies to decide on, files not read, letters not sent."""

from collections.abc import Sequence
from datetime import date

from frappe import _
from pypika.queries import Table
from pypika.terms import Criterion

from client_ledger.confirmations.access import can
from client_ledger.core.confirmations.answers import ConfirmationStatus
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY
from client_ledger.site.visible import Where, by_reason, may_list, summed, sums

S = ConfirmationStatus


def confirmations(companies: Sequence[str], today: date) -> dict | None:
	"""Return {"total", "amounts", "rows"}, a row per reason; None where nothing waits, or for who does not work on confirmations."""
	if not can("work") or not may_list(BALANCE_CONFIRMATION):
		return None

	def of_status(status: ConfirmationStatus) -> Where:
		return lambda table: table.status == status.value

	groups = [
		(_("Differences"), True, _sums(companies, of_status(S.DIFFERENCES))),
		(
			_("Ledgers That Could Not Be Read"),
			True,
			_sums(companies, lambda t: t.comparison_status == "Failed"),
		),
		(_("Letters Not Sent"), True, _sums(companies, _not_sent)),
		(_("Overdue Replies"), False, _sums(companies, lambda t: _overdue(t, today))),
		(_("Letters Waiting for Approval"), False, _sums(companies, _to_send)),
	]
	undecided = _undecided(companies)
	groups.insert(0, (_("Replies to Decide On"), True, undecided))
	return by_reason({"reason": reason, "failed": failed, **found} for reason, failed, found in groups)


def _sums(companies: Sequence[str], where: Where) -> dict:
	return summed(sums(BALANCE_CONFIRMATION, companies, "base_balance", where))


def _not_sent(table: Table) -> Criterion:
	return (table.status == S.PLANNED.value) & table.sending_status.isin(("Failed", "No Address", "Not Sent"))


def _to_send(table: Table) -> Criterion:
	return (table.status == S.PLANNED.value) & (table.sending_status == "Planned")


def _overdue(table: Table, today: date) -> Criterion:
	return (table.status == S.AWAITING.value) & (table.reply_by < today)


def _undecided(companies: Sequence[str]) -> dict:
	"""Return how many replies came that do not count and that nobody has decided on."""
	if not may_list(CONFIRMATION_REPLY):
		return {"total": 0, "amounts": []}
	found = sums(CONFIRMATION_REPLY, companies, "balance", lambda table: table.state == "Not Counted")
	return {**summed(found), "amounts": []}
