"""Customers as those who get messages: read for many at once, with whom to write to. Nothing here decides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import frappe


@dataclass(frozen=True, slots=True)
class Addressee:
	"""Whom a customer's messages go to: the billing contact, else the primary one, else what the customer says.

	mobile: for SMS and calls; phone: another number, for calls alone.
	"""

	contact: str | None = None
	full_name: str | None = None
	email: str | None = None
	mobile: str | None = None
	address: str | None = None
	opted_out: bool = False
	phone: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
	"""What of a customer matters to its messages."""

	name: str
	customer_name: str
	language: str | None
	disabled: bool
	account_manager: str | None
	addressee: Addressee


def read_customers(customers: Sequence[str]) -> dict[str, Customer]:
	"""Return *customers* with whom to write to."""
	fields = ["name", "customer_name", "language", "disabled", "account_manager"]
	fields += ["email_id", "mobile_no", "customer_primary_address"]
	rows = frappe.get_all("Customer", {"name": ("in", customers)}, fields, order_by="name")
	chosen, addresses = _contacts(customers), _addresses(customers)
	unsubscribed = _unsubscribed()
	found = {}
	for row in rows:
		contact = chosen.get(row.name, frappe._dict())
		if row.email_id and not (contact.is_billing_contact or contact.is_primary_contact):
			contact = contact if contact.email_id == row.email_id else frappe._dict()
		email = contact.email_id or row.email_id
		found[row.name] = Customer(
			row.name,
			row.customer_name,
			row.language,
			bool(row.disabled),
			row.account_manager,
			Addressee(
				contact.name,
				contact.full_name,
				email or None,
				contact.mobile_no or row.mobile_no or None,
				row.customer_primary_address or addresses.get(row.name),
				bool(contact.unsubscribed) or email in unsubscribed or (row.name, email) in unsubscribed,
				contact.phone or None,
			),
		)
	return found


def customers_by_phone(digits: str) -> set[str]:
	"""Return the customers of whose own or whose contacts' phone numbers one has *digits* in it, however it is written."""
	# The digits with anything between them: what is found is looked at once more.
	pattern = f"%{'%'.join(digits)}%"
	phone, link = frappe.qb.DocType("Contact Phone"), frappe.qb.DocType("Dynamic Link")
	customer = frappe.qb.DocType("Customer")
	found = (
		frappe.qb.from_(phone)
		.join(link)
		.on((link.parent == phone.parent) & (link.parenttype == "Contact"))
		.select(link.link_name, phone.phone)
		.where((link.link_doctype == "Customer") & phone.phone.like(pattern))
	).run()
	own = frappe.qb.from_(customer).select(customer.name, customer.mobile_no)
	found = (*found, *own.where(customer.mobile_no.like(pattern)).run())
	return {name for name, number in found if digits in re.sub(r"\D", "", number)}


def keep_contact(old: str, new: str) -> None:
	"""Let the messages of *new* go on to whom they go, when the contacts of *old* are about to become its own.

	Its contact is marked as the primary one where nothing marks it; the contacts of *old* alone are no longer marked, as
	one customer has one billing contact. Without a contact of its own *new* gets those of *old*.
	"""
	own = _contacts([new]).get(new)
	if own is None:
		return
	if not (own.is_billing_contact or own.is_primary_contact):
		frappe.db.set_value("Contact", own.name, "is_primary_contact", 1)
	link = frappe.qb.DocType("Dynamic Link")
	others = frappe.qb.from_(link).select(link.parent).distinct()
	others = others.where((link.parenttype == "Contact") & (link.link_doctype == "Customer"))
	kept = {row[0] for row in others.where(link.link_name != old).run()}
	for (name,) in others.where(link.link_name == old).run():
		if name not in kept:
			frappe.db.set_value("Contact", name, {"is_billing_contact": 0, "is_primary_contact": 0})


def _contacts(customers: Sequence[str]) -> dict[str, frappe._dict]:
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(contact)
		.join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.select(
			link.link_name.as_("customer"),
			contact.name,
			contact.first_name,
			contact.last_name,
			contact.email_id,
			contact.mobile_no,
			contact.phone,
			contact.unsubscribed,
			contact.is_billing_contact,
			contact.is_primary_contact,
			contact.creation,
		)
		.where((link.link_doctype == "Customer") & link.link_name.isin(customers))
	).run(as_dict=True)
	rows.sort(key=lambda row: (row.is_billing_contact or 0, row.is_primary_contact or 0, row.creation))
	for row in rows:
		row.full_name = " ".join(part for part in (row.first_name, row.last_name) if part)
	return {row.customer: row for row in rows}


def _addresses(customers: Sequence[str]) -> dict[str, str]:
	address, link = frappe.qb.DocType("Address"), frappe.qb.DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(address)
		.join(link)
		.on((link.parent == address.name) & (link.parenttype == "Address"))
		.select(link.link_name, address.name, address.is_primary_address, address.address_type)
		.where((link.link_doctype == "Customer") & link.link_name.isin(customers) & (address.disabled == 0))
	).run()
	rows = sorted(rows, key=lambda row: (row[3] == "Billing", row[2] or 0, row[1]))
	return {row[0]: row[1] for row in rows}


def _unsubscribed() -> set:
	"""Return the addresses that take no mail at all, and (customer, address) of those that take none about it."""
	table = frappe.qb.DocType("Email Unsubscribe")
	rows = (
		frappe.qb.from_(table)
		.select(table.email, table.reference_name, table.global_unsubscribe)
		.where((table.global_unsubscribe == 1) | (table.reference_doctype == "Customer"))
	).run()
	return {email if everything else (customer, email) for email, customer, everything in rows}
