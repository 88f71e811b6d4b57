"""What waits for a person among notices, for the home page: how many of each reason, and what they ask for.

The answer is {"total", "amounts": [{currency, amount}], "rows"}, a row per reason; None for who does not work on notices.
"""

from collections.abc import Sequence

from frappe import _
from pypika.queries import Table
from pypika.terms import Criterion

from client_ledger.core.outbox.message import MANUAL, Channel
from client_ledger.outbox import access
from client_ledger.outbox.exceptions import BY_HAND, LETTERS, WAITING_FOR_APPROVAL
from client_ledger.outbox.notice_status import ERROR, NoticeStatus
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.visible import may_list, summed, sums

BY_CHANNEL = {Channel.LETTER.value: LETTERS, **{channel.value: BY_HAND for channel in MANUAL}}


def notices(companies: Sequence[str], only: str | None = None, but: Sequence[str] = ()) -> dict | None:
	"""Return what waits for approval, to be printed or done by hand, or failed; failures come first.

	only: of this kind. but: of every kind but these.
	"""
	if not access.can("work") or not may_list(LEDGER_NOTICE):
		return None
	groups: dict[tuple[int, str], list] = {}

	def wanted(notice: Table) -> Criterion:
		found = _waits(notice)
		found = found & (notice.kind == only) if only else found
		return found & notice.kind.notin(list(but)) if but else found

	for row in sums(LEDGER_NOTICE, companies, "base_total", wanted, by=("status", "channel", "reason")):
		groups.setdefault(_reason(row), []).append(row)
	rows = [
		{"reason": _(reason), "failed": not place, **summed(found)}
		for (place, reason), found in sorted(groups.items())
	]
	return {**summed(row for found in groups.values() for row in found), "rows": rows}


def _waits(notice: Table) -> Criterion:
	handed_out = (notice.status == NoticeStatus.SENDING.value) & notice.channel.isin(tuple(BY_CHANNEL))
	return handed_out | notice.status.isin((NoticeStatus.PLANNED.value, NoticeStatus.FAILED.value))


def _reason(row: dict) -> tuple[int, str]:
	"""Return the place of a group of notices in the list, and why they wait."""
	if row["status"] == NoticeStatus.FAILED.value:
		return 0, row["reason"] or ERROR
	if row["status"] == NoticeStatus.PLANNED.value:
		return 1, WAITING_FOR_APPROVAL
	return 2, BY_CHANNEL[row["channel"]]
