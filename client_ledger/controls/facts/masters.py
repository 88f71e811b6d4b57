"""How customers and employees are reached and paid, and which customers belong together."""

from collections import defaultdict
from collections.abc import Iterator

import frappe
from frappe.query_builder import DocType
from pypika.queries import QueryBuilder

from client_ledger.controls.facts.window import FactWindow, is_first
from client_ledger.core.controls.facts import MasterFact
from client_ledger.credit.limits.credit_groups import parents
from client_ledger.site.doctypes import CLIENT_ACCOUNT

Texts = dict[str, set[str]]
CUSTOMER, EMPLOYEE = "Customer", "Employee"
_OF_ADDRESS = ("address_line1", "address_line2", "pincode", "city")


def read_groups() -> list[MasterFact]:
	"""Return only which customers belong together, for controls that look at nothing else of them."""
	return [MasterFact(name, group=group) for name, group in _groups().items()]


def _groups() -> dict[str, str]:
	"""Return the head of each customer that shares a limit, of these heads themselves, and of companies of our own group."""
	found = {
		row.name: f"={row.represents_company}"
		for row in frappe.get_all("Customer", {"is_internal_customer": 1}, ["name", "represents_company"])
	}
	for name, parent in parents().items():
		found[name] = found[parent] = parent
	return found


def read_masters(window: FactWindow) -> list[MasterFact]:
	"""Return customers that are in use, and the employees of the company.

	A customer with whom only other companies deal is theirs; one with whom nobody does is the site's first company's.
	"""
	others = _of_other_companies(window.company)
	return [*(one for one in _customers() if one.name not in others), *_employees(window)]


def _of_other_companies(company: str) -> set[str]:
	if frappe.db.count("Company") < 2:
		return set()
	accounts = frappe.get_all(CLIENT_ACCOUNT, {}, ["customer", "company"], order_by=None)
	own = {row.customer for row in accounts if row.company == company}
	others = {row.customer for row in accounts} - own
	if not is_first(company):
		known = own | others
		others |= {
			name for name in frappe.get_all("Customer", pluck="name", order_by=None) if name not in known
		}
	return others


def _customers() -> Iterator[MasterFact]:
	fields = ["name", "creation", "tax_id", "email_id", "mobile_no"]
	rows = frappe.get_all("Customer", {"disabled": 0}, fields, order_by="name")
	groups, banks, addresses = _groups(), _banks(CUSTOMER), _addresses(CUSTOMER)
	emails, phones = _of_contacts("Contact Email", "email_id"), _of_contacts("Contact Phone", "phone")
	for row in rows:
		yield MasterFact(
			name=row.name,
			group=groups.get(row.name, ""),
			banks=_texts(banks.get(row.name, ())),
			emails=_texts({row.email_id, *emails.get(row.name, ())}),
			phones=_texts({row.mobile_no, *phones.get(row.name, ())}),
			tax_ids=_texts({row.tax_id}),
			addresses=_texts(addresses.get(row.name, ())),
			since=row.creation.date(),
		)


def _employees(window: FactWindow) -> Iterator[MasterFact]:
	fields = ["name", "creation", "bank_ac_no", "iban", "personal_email", "company_email", "prefered_email"]
	fields += ["cell_number", "current_address", "permanent_address", "user_id"]
	filters = {"company": window.company, "status": ("!=", "Left")}
	rows = frappe.get_all(EMPLOYEE, filters, fields, order_by="name")
	if not rows:
		return
	banks, addresses = _banks(EMPLOYEE), _addresses(EMPLOYEE)
	for row in rows:
		yield MasterFact(
			name=row.name,
			is_employee=True,
			banks=_texts({row.bank_ac_no, row.iban, *banks.get(row.name, ())}),
			emails=_texts({row.personal_email, row.company_email, row.prefered_email, row.user_id}),
			phones=_texts({row.cell_number}),
			addresses=_texts({row.current_address, row.permanent_address, *addresses.get(row.name, ())}),
			since=row.creation.date(),
		)


def _texts(found: object) -> tuple[str, ...]:
	return tuple(sorted({text.strip() for text in found if text and text.strip()}))


def _banks(kind: str) -> Texts:
	found: Texts = defaultdict(set)
	filters = {"party_type": kind, "party": ("is", "set"), "disabled": 0}
	for row in frappe.get_all("Bank Account", filters, ["party", "iban", "bank_account_no"]):
		found[row.party] |= {row.iban, row.bank_account_no}
	return found


def _linked(parenttype: str, kind: str) -> tuple[QueryBuilder, DocType]:
	link = DocType("Dynamic Link")
	query = frappe.qb.from_(link).where((link.parenttype == parenttype) & (link.link_doctype == kind))
	return query, link


def _of_contacts(table: str, field: str) -> Texts:
	query, link = _linked("Contact", CUSTOMER)
	row = DocType(table)
	found: Texts = defaultdict(set)
	joined = query.join(row).on((row.parent == link.parent) & (row.parenttype == "Contact"))
	for name, text in joined.select(link.link_name, row[field]).run():
		found[name].add(text)
	return found


def _addresses(kind: str) -> Texts:
	"""Return addresses in one line: the same house in another row is the same address."""
	query, link = _linked("Address", kind)
	address = DocType("Address")
	found: Texts = defaultdict(set)
	joined = query.join(address).on(address.name == link.parent).where(address.disabled == 0)
	for name, *parts in joined.select(link.link_name, *(address[field] for field in _OF_ADDRESS)).run():
		if parts[0]:
			found[name].add(", ".join(part.strip() for part in parts if part))
	return found
