"""What the plan and the verdict have to know of customers, read for many at once. Nothing here decides."""

from collections.abc import Iterable, Sequence
from datetime import date

import frappe
from frappe.query_builder.functions import Max
from frappe.utils import getdate

from client_ledger.core.dunning.plan import Claim, DueItemKey, DunningHistory, DunningReason, Reached
from client_ledger.core.entries import SALES_INVOICE, Voucher
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party, WithholdReason
from client_ledger.dunning.notice_kinds import DUNNING_KINDS, REMINDER
from client_ledger.ledger.database import chunks
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import DUNNING_BLOCK, LEDGER_NOTICE, LEDGER_NOTICE_ITEM

CLAIMS = {
	"Dispute": DunningReason.DISPUTED,
	"Promise to Pay": DunningReason.PROMISED,
	"Payment Plan": DunningReason.PROMISED,
	"Opted Out": WithholdReason.OPTED_OUT,
}


def history(
	items: Iterable[OpenItem], customers: Sequence[str], today: date, planned_through: date | None = None
) -> DunningHistory:
	"""Return what reached *customers* before, about *items*."""
	return DunningHistory(
		reached_levels({item.voucher.name for item in items if not item.is_credit}),
		last_messages(customers),
		rejections(customers, today),
		planned_through,
	)


def reached_levels(vouchers: Iterable[str]) -> dict[DueItemKey, Reached]:
	"""Return per item of *vouchers* the level that really reached the customer, and when."""
	item, notice = frappe.qb.DocType(LEDGER_NOTICE_ITEM), frappe.qb.DocType(LEDGER_NOTICE)
	found: dict[DueItemKey, Reached] = {}
	for names in chunks(sorted(vouchers)):
		rows = (
			frappe.qb.from_(item)
			.join(notice)
			.on(notice.name == item.parent)
			.select(
				item.voucher_type,
				item.voucher_no,
				item.due_date,
				item.level,
				item.previous_level,
				Max(notice.contact_on),
			)
			.where(item.voucher_no.isin(names) & (notice.status == NoticeStatus.SENT.value))
			.where(notice.kind == REMINDER)
			.where((item.withheld.isnull()) | (item.withheld == ""))
			.groupby(item.voucher_type, item.voucher_no, item.due_date, item.level, item.previous_level)
		).run()
		for doctype, name, due_date, level, _previous, on in rows:
			key = DueItemKey(Voucher(doctype, name), getdate(due_date))
			found[key] = _higher(found.get(key, Reached()), level or 0, getdate(on))
	return found


def _higher(before: Reached, level: int, on: date) -> Reached:
	if not level:
		return before._replace(reminded_on=max(on, before.reminded_on or on))
	if level > before.level:
		return Reached(level, on, before.reminded_on)
	return before._replace(on=max(on, before.on)) if level == before.level else before


def last_messages(customers: Sequence[str]) -> dict[Party, date]:
	"""Return per party the day of the last message that was handed over and did not fail."""
	notice = frappe.qb.DocType(LEDGER_NOTICE)
	rows = (
		frappe.qb.from_(notice)
		.select(notice.customer, notice.company, notice.currency, Max(notice.contact_on))
		.where(notice.customer.isin(customers) & notice.contact_on.isnotnull())
		.where(notice.status.isin([NoticeStatus.SENT.value, NoticeStatus.SENDING.value]))
		.where(notice.kind.isin(DUNNING_KINDS))
		.groupby(notice.customer, notice.company, notice.currency)
	).run()
	return {Party(*row[:3]): getdate(row[3]) for row in rows}


def rejections(customers: Sequence[str], today: date) -> dict[Party, date]:
	"""Return per party the first day after a rejected notice, where that is still to come."""
	notice = frappe.qb.DocType(LEDGER_NOTICE)
	rows = (
		frappe.qb.from_(notice)
		.select(notice.customer, notice.company, notice.currency, Max(notice.deferred_until))
		.where(notice.customer.isin(customers) & (notice.status == NoticeStatus.CANCELLED.value))
		.where(notice.kind.isin(DUNNING_KINDS))
		.where(notice.deferred_until > today)
		.groupby(notice.customer, notice.company, notice.currency)
	).run()
	return {Party(*row[:3]): getdate(row[3]) for row in rows}


def claims(customers: Sequence[str], today: date, of_items: Iterable[Claim] = ()) -> list[Claim]:
	"""Return what keeps *customers* from being dunned today: blocks, *of_items*, and what other apps say."""
	block = frappe.qb.DocType(DUNNING_BLOCK)
	rows = (
		frappe.qb.from_(block)
		.select(
			block.customer, block.reason, block.from_date, block.until, block.for_company, block.sales_invoice
		)
		.where(block.customer.isin(customers) & (block.lifted == 0) & (block.from_date <= today))
		.where(block.until.isnull() | (block.until >= today))
	).run()
	found = [
		Claim(
			customer,
			CLAIMS.get(reason, DunningReason.BLOCKED),
			getdate(since),
			getdate(until) if until else None,
			company or None,
			Voucher(SALES_INVOICE, invoice) if invoice else None,
		)
		for customer, reason, since, until, company, invoice in rows
	]
	found += of_items
	for path in frappe.get_hooks("client_ledger_dunning_claims"):
		found += frappe.get_attr(path)(customers, today)
	return found
