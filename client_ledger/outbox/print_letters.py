"""Printing the letters that wait for it: one PDF of many, after which they count as sent."""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.utils import now_datetime
from frappe.utils.jinja_globals import is_rtl
from frappe.utils.pdf import get_pdf

from client_ledger.core.formats import day, locale_of
from client_ledger.core.outbox.message import Channel
from client_ledger.outbox.delivery import mark_sent
from client_ledger.outbox.notice_rows import NoticeRow, lock, update
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.statements.letter_head import letter_head

TEMPLATE = "client_ledger/templates/print/letters.html"


def waiting(company: str | None = None) -> list[str]:
	"""Return the letters that wait to be printed."""
	filters = {"status": NoticeStatus.SENDING.value, "channel": Channel.LETTER.value}
	if company:
		filters["company"] = company
	return frappe.get_all(LEDGER_NOTICE, filters, pluck="name", order_by="customer, name")


def print_batch(names: Sequence[str]) -> str:
	"""Make one PDF of letters, attach it to each notice and mark them sent; return its address."""
	rows = [row for row in lock(names, (NoticeStatus.SENDING,)) if row.channel == Channel.LETTER.value]
	if not rows:
		frappe.throw(_("No letters to print."))
	rows.sort(key=lambda row: (row.customer, row.name))
	now = now_datetime()
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": f"letters-{now:%Y-%m-%d-%H%M%S}.pdf",
			"is_private": 1,
			"content": get_pdf(render(rows), {"page-size": "A4"}),
			"attached_to_doctype": LEDGER_NOTICE,
			"attached_to_name": rows[0].name,
		}
	)
	file.flags.ignore_permissions = True
	file.insert()
	for row in rows:
		update(row.name, {"letter": file.file_url}, now)
		# The PDF holds the letters of others too.
		mark_sent(row.name, now, now, [(f"{row.name}.html", render([row]).encode())])
	return file.file_url


def render(rows: Sequence[NoticeRow]) -> str:
	"""Return the letters as pages to print."""
	heads: dict[str, str] = {}
	for row in rows:
		if row.company not in heads:
			heads[row.company] = letter_head(row.company)
		row.letter_head = heads[row.company]
		row.address = get_address_display(row.recipients) if row.recipients else ""
		row.date = day(row.contact_on, locale_of(row.language or "en"))
	return frappe.render_template(
		TEMPLATE,
		{"letters": rows, "lang": frappe.local.lang, "direction": "rtl" if is_rtl() else "ltr"},
	)
