"""What waits for a person about statements, for the home page: what failed, lacks an address or waits for approval, and runs not planned."""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika.queries import Table
from pypika.terms import Criterion

from client_ledger.core.outbox.message import WithholdReason
from client_ledger.outbox import access
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.outbox.waiting import notices
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, LEDGER_NOTICE, STATEMENT_RUN
from client_ledger.site.visible import by_reason, may_list, summed, sums
from client_ledger.statement_runs.notice_kind import STATEMENT
from client_ledger.statement_runs.runs import NEW, TAKEN_UP_WITHIN


def statements(companies: Sequence[str]) -> dict | None:
	"""Return {"total", "amounts", "rows"}, a row per reason; None where nothing waits, or for who does not work on statements."""
	if not access.can("work") or not may_list(CUSTOMER_STATEMENT) or not may_list(LEDGER_NOTICE):
		return None
	messages = notices(companies, only=STATEMENT) or {"rows": []}
	mute = summed(sums(LEDGER_NOTICE, companies, "base_total", _lacks_an_address))
	rows = [_row(_("Runs Not Planned"), {"total": _not_planned(companies), "amounts": []}), *messages["rows"]]
	rows.append(_row(_(WithholdReason.NO_ADDRESS.value), mute))
	return by_reason(rows)


def _row(reason: str, found: dict) -> dict:
	return {"reason": reason, "failed": True, **found}


def _lacks_an_address(notice: Table) -> Criterion:
	stopped = (notice.status == NoticeStatus.SKIPPED.value) & (
		notice.reason == WithholdReason.NO_ADDRESS.value
	)
	# Older ones are not taken up again where an address is added.
	return stopped & (notice.kind == STATEMENT) & (notice.creation >= now_datetime() - TAKEN_UP_WITHIN)


def _not_planned(companies: Sequence[str]) -> int:
	"""Return how many runs could not be planned; the next hour tries again."""
	if not may_list(STATEMENT_RUN):
		return 0
	filters = {"company": ("in", list(companies)), "status": NEW, "error": ("is", "set")}
	return len(frappe.get_list(STATEMENT_RUN, filters, pluck="name", order_by="name", limit_page_length=0))
