"""What a new case or write-off begins with, before it is saved: the items in one currency, with their amounts as saving fills them in."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.collections import items as open_items
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.site.doctypes import WRITE_OFF_REQUEST
from client_ledger.site.messages import filled

_ROW = (
	"voucher_type",
	"voucher_no",
	"payment_term",
	"due_date",
	"currency",
	"outstanding",
	"amount",
	"base_amount",
)


def draft(doctype: str, customer: str, company: str, rows: Sequence[dict] = ()) -> dict:
	"""Return the values and items of a new document of *doctype*; nothing is stored.

	rows: what it is about, as far as that is still open; else all that is overdue. Of several currencies the one with the
	largest amount in company currency is taken, others names the rest. Raises frappe.ValidationError where nothing is open.
	"""
	found = _meant(open_items.open_items(customer, company), rows)
	if not found:
		frappe.throw(filled(_("Nothing is overdue from {0} in {1}."), customer, company))
	by_currency: dict[str, Decimal] = defaultdict(lambda: ZERO)
	for item in found:
		by_currency[item.currency] += item.base_outstanding
	currency, *others = sorted(by_currency, key=lambda code: (-by_currency[code], code))
	doc = frappe.new_doc(doctype)
	doc.update({"customer": customer, "company": company, "items": []})
	for item in found:
		if item.currency == currency:
			doc.append(
				"items",
				{
					"voucher_type": item.voucher.doctype,
					"voucher_no": item.voucher.name,
					"payment_term": item.term,
				},
			)
	open_items.fill_in(doc)
	open_items.total(doc)
	values = {"customer": customer, "company": company, "currency": doc.currency, "amount": doc.amount}
	if doctype == WRITE_OFF_REQUEST:
		defaults = frappe.get_cached_doc("Company", company)
		values |= {
			"base_amount": doc.base_amount,
			"write_off_account": defaults.write_off_account,
			"cost_center": defaults.cost_center,
		}
	return {
		"values": values,
		"items": [{field: _plain(row.get(field)) for field in _ROW} for row in doc.items],
		"others": others,
	}


def _meant(found: Sequence[OpenItem], rows: Sequence[dict]) -> list[OpenItem]:
	"""Return the open items that *rows* name, one of each; all that are overdue where there are none."""
	if not rows:
		chosen = [item for item in found if item.due_date < getdate()]
	else:
		keys = [open_items.key_of(row) for row in rows]
		chosen = [item for item in found if any(open_items.matching(key, [item]) for key in keys)]
	return list({(item.voucher, item.term): item for item in chosen}.values())


def _plain(value: object) -> object:
	return str(value) if hasattr(value, "isoformat") else value
