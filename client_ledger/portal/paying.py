"""How a customer pays several invoices: online where the company has a gateway, else by transfer with a reference and a code."""

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _

from client_ledger.collections import items as open_items
from client_ledger.core.collections.disputes import TermItemKey
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.core.open_items import OpenItem
from client_ledger.core.portal.epc import is_iban
from client_ledger.core.portal.payment import JointPayment
from client_ledger.core.portal.references import grouped
from client_ledger.core.statements.parts import BankDetails
from client_ledger.guest_links import limits
from client_ledger.portal.access import Visitor
from client_ledger.portal.qr import code_of
from client_ledger.portal.shown import money
from client_ledger.site.arguments import bad_argument
from client_ledger.site.messages import bold, filled
from client_ledger.statements.bank_details import bank_details

MOST_INVOICES = 50
MOST_PAYMENTS, HOUR = 20, 3600
SALES_INVOICE = "Sales Invoice"
PAYMENT_REQUEST, GATEWAY_ACCOUNT = "Payment Request", "Payment Gateway Account"
# Of Payment Request: one that can still be paid.
_PAYABLE = ("Requested", "Initiated", "Partially Paid")


def open_of(visitor: Visitor, items: Sequence[dict]) -> list[tuple[TermItemKey, list[OpenItem]]]:
	"""Return what is open of each of *items*. Raises BadArgument for none, for too many, and for what is not open."""
	if not items:
		bad_argument("items", _("Choose at least one item."))
	if len(items) > MOST_INVOICES:
		bad_argument("items", filled(_("Choose at most {0} items."), MOST_INVOICES))
	found = open_items.open_items(visitor.customer, visitor.company)
	chosen = []
	for key in dict.fromkeys(open_items.key_of(row) for row in items):
		matching = open_items.matching(key, found)
		if not matching:
			text = _("{0} is not open any more. Load the page again.")
			bad_argument("items", filled(text, bold(open_items.name_of(key))))
		chosen.append((key, matching))
	return chosen


def payment_of(visitor: Visitor, items: Sequence[dict]) -> JointPayment:
	"""Return the payment of open items. Raises BadArgument for what is not open, of two currencies, or too many."""
	amounts: dict[str, Decimal] = {}
	currencies = set()
	for key, matching in open_of(visitor, items):
		currencies |= {item.currency for item in matching}
		amount = sum((item.outstanding for item in matching), ZERO)
		amounts[key.voucher.name] = amounts.get(key.voucher.name, ZERO) + amount
	if len(currencies) > 1:
		bad_argument("items", _("Choose items of one currency only."))
	payer = frappe.db.get_value("Customer", visitor.customer, "customer_name") or visitor.customer
	return JointPayment(visitor.company, payer, currencies.pop(), amounts)


def payment_details(visitor: Visitor, items: Sequence[dict]) -> dict:
	"""Return how to pay *items*: amount, bank details, reference, code, and whether it can be done online."""
	payment = payment_of(visitor, items)
	bank = bank_details(visitor.company, payment.currency)
	return {
		"amount": money(payment.total, payment.currency),
		"invoices": list(payment.amounts),
		"bank": _shown(bank) if bank else None,
		"reference": payment.reference.shown,
		"qr": code_of(payment, bank) if bank else None,
		"online": visitor.may_act and can_pay_online(visitor.company),
		"hint": None,
	}


def _shown(bank: BankDetails) -> dict[str, str]:
	return {
		"holder": bank.holder,
		"bank": bank.bank,
		"iban": grouped(bank.iban.upper()) if is_iban(bank.iban) else bank.iban,
		"account_no": bank.account_no,
		"branch_code": bank.branch_code,
		"swift": bank.swift,
	}


# --- online ---


def gateway_app_installed() -> bool:
	"""Return whether the app that brings payment gateways is installed."""
	return "payments" in frappe.get_installed_apps()


def gateway_of(company: str) -> frappe._dict | None:
	"""Return the company's default gateway; None where it has none, or the app that pays by gateways is not installed."""
	if not gateway_app_installed():
		return None
	return frappe.db.get_value(
		GATEWAY_ACCOUNT,
		{"is_default": 1, "company": company},
		["name", "payment_gateway", "payment_account", "payment_channel", "message"],
		as_dict=True,
	)


def can_pay_online(company: str) -> bool:
	"""Return whether invoices of *company* can be paid through ERPNext's Payment Request."""
	gateway = gateway_of(company)
	return bool(gateway and gateway.payment_channel != "Phone")


def pay_online(visitor: Visitor, items: Sequence[dict]) -> list[dict[str, str]]:
	"""Return where each invoice is paid: {invoice, url}. ERPNext has one Payment Request per invoice; one that stands is used.

	Raises frappe.ValidationError where there is no gateway, or an item is no invoice.
	"""
	limits.count("portal payments", visitor.identity, MOST_PAYMENTS, HOUR)
	if not can_pay_online(visitor.company):
		frappe.throw(_("Online payment is not available. Pay by bank transfer with the reference shown."))
	payment = payment_of(visitor, items)
	if any(row["voucher_type"] != SALES_INVOICE for row in items):
		bad_argument("items", _("Only invoices can be paid online. Leave the others out."))
	return [{"invoice": name, "url": _url(visitor, name)} for name in payment.amounts]


def _url(visitor: Visitor, invoice: str) -> str:
	standing = frappe.get_all(
		PAYMENT_REQUEST,
		{
			"reference_doctype": SALES_INVOICE,
			"reference_name": invoice,
			"docstatus": 1,
			"status": ("in", _PAYABLE),
			"payment_url": ("is", "set"),
		},
		pluck="payment_url",
		order_by="creation desc",
		limit=1,
	)
	return standing[0] if standing else _new_request(visitor, invoice)


def _new_request(visitor: Visitor, invoice: str) -> str:
	"""Make a Payment Request as ERPNext's own button does, which would ask for the permissions that a customer has not."""
	gateway, doc = gateway_of(visitor.company), frappe.get_doc(SALES_INVOICE, invoice)
	same = doc.party_account_currency == doc.currency
	amount = as_money(doc.outstanding_amount) / (1 if same else as_money(doc.conversion_rate))
	request = frappe.new_doc(PAYMENT_REQUEST)
	request.update(
		{
			"payment_request_type": "Inward",
			"payment_gateway_account": gateway.name,
			"payment_gateway": gateway.payment_gateway,
			"payment_account": gateway.payment_account,
			"payment_channel": gateway.payment_channel,
			"currency": doc.currency,
			"party_account_currency": doc.party_account_currency,
			"grand_total": float(rounded(amount, doc.precision("grand_total"))),
			"email_to": frappe.session.user,
			"subject": _("Payment of {0}").format(invoice),
			"message": gateway.message,
			"reference_doctype": SALES_INVOICE,
			"reference_name": invoice,
			"company": visitor.company,
			"party_type": "Customer",
			"party": visitor.customer,
			"party_name": doc.customer_name,
			"cost_center": doc.get("cost_center"),
			"project": doc.get("project"),
			"mute_email": 1,
		}
	)
	request.flags.mute_email = True
	request.flags.ignore_permissions = True
	request.insert()
	request.submit()
	if not request.payment_url:
		# Version 15 asks for the address only where it sends the mail.
		request.set_payment_request_url()
	if not request.payment_url:
		frappe.throw(_("The payment service does not answer. Pay by bank transfer, or try again later."))
	return request.payment_url
