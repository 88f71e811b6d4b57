"""What goes along with an invoice that is sent again: its PDF, its delivery notes, and what is attached to those as proof."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import frappe
from frappe import _
from frappe.utils import cint

from client_ledger.outbox.notice_status import ERROR, Undeliverable
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.language import spoken
from client_ledger.site.messages import filled

INVOICE, DELIVERY = "Sales Invoice", "Delivery Note"
# A mail that is larger comes back from many servers.
MOST_FILES, MOST_BYTES = 20, 15 << 20


def make(notice: str, invoices: Sequence[str], language: str) -> list[str]:
	"""Make the files of a message; return the names of all that go along, within what a mail holds.

	Raises Undeliverable where ERPNext cannot print them; the message is tried again later.
	"""
	found: list[str] = []
	room = MOST_BYTES
	with spoken(language), _printing():
		try:
			for doctype, name in _documents(invoices):
				content = frappe.get_print(doctype, name, as_pdf=True)
				room -= len(content)
				if room < 0 or len(found) >= MOST_FILES:
					break
				found.append(_store(notice, f"{name}.pdf".replace("/", "-"), content))
		except (OSError, frappe.ValidationError) as error:
			reason = (str(error).strip().splitlines() or ["wkhtmltopdf"])[0]
			raise Undeliverable(ERROR, filled(_("The PDF could not be created: {0}"), reason)) from error
	for file in _proofs(invoices):
		room -= cint(file.file_size)
		if room < 0 or len(found) >= MOST_FILES:
			break
		found.append(file.name)
	return found


def _documents(invoices: Sequence[str]) -> Iterable[tuple[str, str]]:
	for invoice in invoices:
		yield INVOICE, invoice
	for delivery in _deliveries(invoices):
		yield DELIVERY, delivery


def _deliveries(invoices: Sequence[str]) -> list[str]:
	return list(dict.fromkeys(name for invoice in invoices for name in deliveries_of(invoice)))


def deliveries_of(invoice: str) -> list[str]:
	"""Return the submitted delivery notes of an invoice: those it was made from, and those made from it."""
	before = frappe.get_all(
		"Sales Invoice Item",
		{"parent": invoice, "parenttype": INVOICE, "delivery_note": ("is", "set")},
		pluck="delivery_note",
		order_by="idx",
	)
	after = frappe.get_all(
		"Delivery Note Item",
		{"against_sales_invoice": invoice, "docstatus": 1},
		pluck="parent",
		order_by="parent, idx",
	)
	names = list(dict.fromkeys([*before, *after]))
	submitted = set(frappe.get_all(DELIVERY, {"name": ("in", names or [""]), "docstatus": 1}, pluck="name"))
	return [name for name in names if name in submitted]


def _proofs(invoices: Sequence[str]) -> list[frappe._dict]:
	"""Return the files that are attached to the delivery notes."""
	return frappe.get_all(
		"File",
		{
			"attached_to_doctype": DELIVERY,
			"attached_to_name": ("in", _deliveries(invoices) or [""]),
			"is_folder": 0,
		},
		["name", "file_size"],
		order_by="creation, name",
	)


def _store(notice: str, name: str, content: bytes) -> str:
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": name,
			"is_private": 1,
			"content": content,
			"attached_to_doctype": LEDGER_NOTICE,
			"attached_to_name": notice,
		}
	)
	file.flags.ignore_permissions = True
	return file.insert().name


def delete(notice: str) -> None:
	"""Delete the files that were made for a message that did not leave."""
	own = {"attached_to_doctype": LEDGER_NOTICE, "attached_to_name": notice}
	for name in frappe.get_all("File", own, pluck="name", order_by="name"):
		frappe.delete_doc("File", name, force=True, ignore_permissions=True, ignore_missing=True)


@contextmanager
def _printing() -> Iterator[None]:
	"""Print for the customer, whatever whoever has the message sent may print."""
	before = frappe.flags.ignore_print_permissions
	frappe.flags.ignore_print_permissions = True
	try:
		yield
	finally:
		frappe.flags.ignore_print_permissions = before
