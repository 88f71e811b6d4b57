"""Who pays for a customer: names and accounts that were confirmed once, and what ERPNext's masters say."""

import hashlib

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from client_ledger.core.receipts.items import PayerIdentity
from client_ledger.core.reconciliation.numbers import letters_and_digits
from client_ledger.site.doctypes import PAYER_NAME
from client_ledger.site.documents import by_action
from client_ledger.site.messages import bold, filled

LONGEST = 140


def known() -> list[PayerIdentity]:
	"""Return all names and accounts of customers: confirmed ones, those of bank accounts, and the customers' own names."""
	confirmed = frappe.get_all(
		PAYER_NAME, {}, ["customer", "payer_name", "payer_account"], order_by="creation, name"
	)
	accounts = frappe.get_all(
		"Bank Account",
		{"party_type": "Customer", "party": ("is", "set"), "disabled": 0},
		["party", "iban", "bank_account_no"],
		order_by="name",
	)
	customers = frappe.get_all("Customer", {"disabled": 0}, ["name", "customer_name"], order_by="name")
	return [
		*(
			PayerIdentity(row.customer, row.payer_name or "", row.payer_account or "", True)
			for row in confirmed
		),
		*(
			PayerIdentity(row.party, account=number, is_confirmed=True)
			for row in accounts
			for number in (row.iban, row.bank_account_no)
			if number
		),
		*(PayerIdentity(row.name, row.customer_name or row.name) for row in customers),
	]


def prepare(doc: Document) -> None:
	"""Check a payer's name and fill in its key. Raises frappe.ValidationError for none, or one that is known already."""
	doc.payer_name = " ".join((doc.payer_name or "").split())
	doc.payer_account = " ".join((doc.payer_account or "").split())
	if not doc.payer_name and not doc.payer_account:
		frappe.throw(filled(_("Enter {0} or {1}."), _("Payer's Name"), _("Payer's Account")))
	doc.payer_key = _key(doc.customer, doc.payer_name, doc.payer_account)
	known = frappe.db.get_value(PAYER_NAME, {"payer_key": doc.payer_key, "name": ("!=", doc.name or "")})
	if known:
		frappe.throw(filled(_("{0} is known for {1} already."), bold(_shown(doc)), bold(doc.customer)))
	if doc.is_new():
		doc.update(
			{
				"confirmed_by": doc.confirmed_by or frappe.session.user,
				"confirmed_on": doc.confirmed_on or getdate(),
			}
		)


def remember(customer: str, name: str, account: str, proposal: str) -> str | None:
	"""Keep the name and account that a person has confirmed for a customer; return what it is kept as, None for neither."""
	name, account = " ".join((name or "").split())[:LONGEST], " ".join((account or "").split())[:LONGEST]
	if not name and not account:
		return None
	key = _key(customer, name, account)
	if found := frappe.db.get_value(PAYER_NAME, {"payer_key": key}):
		return found
	doc = frappe.new_doc(PAYER_NAME)
	doc.update(
		{"customer": customer, "payer_name": name, "payer_account": account, "receipt_proposal": proposal}
	)
	frappe.db.savepoint("payer_name")
	try:
		return by_action(doc).insert(ignore_permissions=True).name
	except frappe.UniqueValidationError:
		# Another worker was faster.
		frappe.db.rollback(save_point="payer_name")
		frappe.clear_last_message()
		return frappe.db.get_value(PAYER_NAME, {"payer_key": key})


def _key(customer: str, name: str, account: str) -> str:
	said = "|".join((customer, letters_and_digits(name) or name, letters_and_digits(account)))
	return hashlib.sha256(said.encode()).hexdigest()[:40]


def _shown(doc: Document) -> str:
	return " ".join(filter(None, (doc.payer_name, doc.payer_account)))
