"""Letters on paper: ready when handed over, sent when a batch of them has been made into one PDF to print."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.utils import now_datetime
from frappe.utils.jinja_globals import is_rtl
from frappe.utils.pdf import get_pdf

from client_ledger.dunning.letters.template_values import day, locale_of
from client_ledger.outbox.channels.timeline import bulk_insert, communication_row
from client_ledger.outbox.notice_status import State
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.statements.printing import letter_head

if TYPE_CHECKING:
	from client_ledger.dunning.sending.decide import Job

TEMPLATE = "client_ledger/templates/print/dunning_letters.html"


def hand_over(job: "Job") -> dict:
	"""Put the letter on the customer's timeline; it waits for its batch."""
	row = communication_row(job, "Other", job.customer.addressee.address, job.letter.html)
	bulk_insert("Communication", [row])
	return {"recipients": job.customer.addressee.address, "communication": row["name"]}


def waiting(company: str | None = None) -> list[str]:
	"""Return the letters that wait to be printed."""
	filters = {"state": State.SENDING.value, "channel": "Letter"}
	if company:
		filters["company"] = company
	return frappe.get_all(LEDGER_NOTICE, filters, pluck="name", order_by="customer, name")


def print_batch(names: Sequence[str]) -> str:
	"""Make one PDF of letters, attach it to each notice and mark them sent; return its address."""
	rows = frappe.get_all(
		LEDGER_NOTICE,
		{"name": ("in", list(names)), "state": State.SENDING.value, "channel": "Letter"},
		["name", "customer_name", "company", "recipients", "subject", "message", "language", "contact_on"],
		order_by="customer, name",
	)
	if not rows:
		frappe.throw(_("No letter is waiting to be printed."))
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
	table = frappe.qb.DocType(LEDGER_NOTICE)
	(
		frappe.qb.update(table)
		.set(table.state, State.SENT.value)
		.set(table.sent_on, now)
		.set(table.open_key, None)
		.set(table.letter, file.file_url)
		.set(table.modified, now)
		.where(table.name.isin([row.name for row in rows]) & (table.state == State.SENDING.value))
	).run()
	return file.file_url


def render(rows: Sequence[frappe._dict]) -> str:
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
