"""The evidence pack of a case: a ZIP with everything a lawyer or an agency asks for, as far as the user may see it.

statement, invoices, delivery notes, reminders as sent, contacts, promises, disputes -> files + index -> private File
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, format_datetime, getdate, now_datetime
from frappe.utils.file_manager import save_file
from frappe.utils.pdf import get_pdf

from client_ledger.collections.customer_statement import customer_statement
from client_ledger.files.csv_file import csv_of
from client_ledger.outbox.notice_status import NoticeStatus
from client_ledger.site.doctypes import (
	ESCALATION_CASE,
	FOLLOW_UP,
	LEDGER_DISPUTE,
	LEDGER_NOTICE,
	PROMISE_TO_PAY,
)
from client_ledger.site.request import LedgerRequest
from client_ledger.statements import printing

INVOICE, DELIVERY = "Sales Invoice", "Delivery Note"


def make_pack(name: str) -> str:
	"""Make the pack of a case and attach it; return its address."""
	case = frappe.get_doc(ESCALATION_CASE, name)
	case.check_permission("write")
	content, listed = pack(case)
	file = save_file(
		f"{case.name}-evidence.zip", content, ESCALATION_CASE, case.name, is_private=1, df="evidence"
	)
	frappe.db.set_value(
		ESCALATION_CASE, name, {"evidence": file.file_url, "evidence_made_on": now_datetime()}
	)
	case.add_comment("Info", _("Evidence pack created: {0} files").format(len(listed)))
	return file.file_url


def pack(case: Document) -> tuple[bytes, list[str]]:
	"""Return the ZIP and the names of its files."""
	files = dict(_files(case))
	files[f"{_('Table of Contents')}.txt"] = _index(case, files).encode("utf-8")
	buffer = io.BytesIO()
	with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
		for path in sorted(files):
			archive.writestr(path, files[path])
	return buffer.getvalue(), sorted(files)


def _index(case: Document, files: Iterable[str]) -> str:
	return "\n".join(
		[
			f"{case.name}: {case.customer_name} ({case.customer}), {case.company}",
			_("{0}, created on {1} by {2}").format(
				_(case.kind), format_datetime(now_datetime()), frappe.utils.get_fullname()
			),
			f"{_('Amount')}: {frappe.utils.fmt_money(case.amount, currency=case.currency)}",
			"",
			*sorted(files),
			"",
		]
	)


def _files(case: Document) -> Iterable[tuple[str, bytes]]:
	statement = customer_statement(LedgerRequest(case.customer, case.company, getdate()))
	yield _page(_("Statement"), printing.render(statement, with_dialog=False))
	invoices = [row.voucher_no for row in case.items if row.voucher_type == INVOICE]
	for doctype, folder, names in (
		(INVOICE, _("Invoices"), invoices),
		(DELIVERY, _("Delivery Notes"), _deliveries(invoices)),
	):
		for name in dict.fromkeys(names):
			if frappe.has_permission(doctype, "read", doc=name):
				path, content = _page(_safe(name), frappe.get_print(doctype, name))
				yield f"{folder}/{path}", content
	yield from _reminders(case)
	yield (
		f"{_('Contact Log')}.csv",
		_table(
			FOLLOW_UP,
			case,
			["done_on", "channel", "outcome", "done_by", "next_date", "notes"],
			{"workflow_state": "Done"},
		),
	)
	yield (
		f"{_('Promises')}.csv",
		_table(
			PROMISE_TO_PAY,
			case,
			["name", "made_on", "last_due", "amount", "currency", "received", "status", "decided_on"],
		),
	)
	yield (
		f"{_('Disputes')}.csv",
		_table(
			LEDGER_DISPUTE,
			case,
			["name", "opened_on", "reason", "amount", "currency", "status", "resolved_on", "resolution"],
		),
	)


def _page(title: str, html: str) -> tuple[str, bytes]:
	"""Return a page as PDF, as HTML where the site can make none."""
	try:
		return f"{title}.pdf", get_pdf(html, {"page-size": "A4"})
	except OSError:
		frappe.logger("client_ledger").warning(f"no PDF of {title} in the evidence pack; it is there as HTML")
		return f"{title}.html", html.encode("utf-8")


def _deliveries(invoices: Sequence[str]) -> list[str]:
	"""Return the delivery notes of invoices, whichever was made from the other."""
	if not invoices:
		return []
	billed = frappe.get_all(
		"Sales Invoice Item",
		{"parent": ("in", invoices), "delivery_note": ("is", "set")},
		pluck="delivery_note",
		order_by="parent, idx",
	)
	delivered = frappe.get_all(
		"Delivery Note Item",
		{"against_sales_invoice": ("in", invoices), "docstatus": 1},
		pluck="parent",
		order_by="parent, idx",
	)
	return [*billed, *delivered]


def _reminders(case: Document) -> Iterable[tuple[str, bytes]]:
	rows = frappe.get_list(
		LEDGER_NOTICE,
		{"customer": case.customer, "company": case.company, "status": NoticeStatus.SENT.value},
		[
			"name",
			"step_name",
			"channel",
			"contact_on",
			"recipients",
			"subject",
			"message",
			"total",
			"currency",
		],
		order_by="contact_on, name",
		limit_page_length=0,
	)
	for row in rows:
		head = [
			f"{_('Date')}: {format_date(row.contact_on)}",
			f"{_('Channel')}: {_(row.channel)}",
			f"{_('Recipients')}: {frappe.utils.escape_html(row.recipients or '')}",
			f"{_('Subject')}: {frappe.utils.escape_html(row.subject or '')}",
		]
		html = f"<meta charset='utf-8'><p>{'<br>'.join(head)}</p><hr>{row.message or ''}"
		name = _safe(f"{row.contact_on} {row.step_name or row.channel} {row.name}")
		yield f"{_('Reminders')}/{name}.html", html.encode("utf-8")


def _table(doctype: str, case: Document, fields: Sequence[str], filters: dict | None = None) -> bytes:
	meta = frappe.get_meta(doctype)
	labels = [_(meta.get_label(field)) for field in fields]
	rows = frappe.get_list(
		doctype,
		{"customer": case.customer, "company": case.company, **(filters or {})},
		list(fields),
		order_by="creation, name",
		limit_page_length=0,
	)
	return csv_of(labels, ([_plain(row[field]) for field in fields] for row in rows))


def _plain(value: object) -> str:
	return frappe.utils.strip_html(str(value)) if value is not None else ""


def _safe(name: str) -> str:
	return re.sub(r"[^\w.-]+", "-", name).strip("-.")
