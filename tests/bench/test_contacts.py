"""Whom to write to and whom to call: read from a customer's contacts for many at once."""

import frappe

from client_ledger.collections.tab import of_customer
from client_ledger.site.contacts import read_customers
from tests.bench import factories as f

LANDLINE, MOBILE = "+86 21 5555 0100", "+86 139 0000 0100"


def contact(customer: str, **phones: str) -> None:
	doc = frappe.new_doc("Contact")
	doc.update({"first_name": f"Contact of {customer}", "is_primary_contact": 1})
	for field, number in phones.items():
		doc.append("phone_nos", {"phone": number, field: 1})
	doc.append("links", {"link_doctype": "Customer", "link_name": customer})
	doc.insert()


def test_a_contact_with_a_landline_alone_can_be_called_and_gets_no_sms():
	f.make_company()
	name = f.make_customer("Called by Landline").name
	contact(name, is_primary_phone=LANDLINE)
	addressee = read_customers([name])[name].addressee
	assert (addressee.phone, addressee.mobile) == (LANDLINE, None)
	shown = of_customer(name, f.COMPANY)["contact"]
	assert (shown["phone"], shown["mobile"]) == (LANDLINE, None)


def test_a_contact_with_both_has_both():
	name = f.make_customer("Called by Both").name
	contact(name, is_primary_phone=LANDLINE, is_primary_mobile_no=MOBILE)
	addressee = read_customers([name])[name].addressee
	assert (addressee.phone, addressee.mobile) == (LANDLINE, MOBILE)
