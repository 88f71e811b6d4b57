"""Every whitelisted function as every role, over Frappe's own handling of requests: refused or not as the function declares.

What functions require is in client_ledger/site/requirements.py and beside them; who meets it, in tests/permissions.py.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import frappe
import pytest
from frappe.utils.pdf import get_pdf

from client_ledger.collections import evidence
from client_ledger.collections.access import OWN, AccountOf, AccountRight
from client_ledger.credit.check.documents import CheckedDocument
from client_ledger.outbox import print_letters
from client_ledger.site.documents import LedgerDocument
from client_ledger.site.requirements import CompanyOf, CustomerRight, DocumentRight, Listed, ListedCustomers
from client_ledger.statements import printing
from tests.bench import factories as f
from tests.bench.doors.http import Answer, call
from tests.bench.doors.records import COMPANY, ONE, OTHER, Records
from tests.bench.doors.test_fuzz import fine
from tests.permissions import (
	MINE,
	ROLES,
	WITH_CUSTOMER,
	Target,
	Who,
	allowed,
	cell,
	requirements_of,
	whitelisted,
)

pytestmark = pytest.mark.one_transaction

FUNCTIONS = whitelisted()
SECOND = "Second Test Company"
OF_ANOTHER, OF_SECOND = Target(customer=False), Target(company=False)
EVERYTHING = tuple(role for role in ROLES if role != "Stock User")
USERS: dict[str, Who] = {
	**{role: Who((role,)) for role in ROLES},
	**{
		f"{role}, with customer": Who((role,), shared=True)
		for role in ROLES
		if cell((CustomerRight(),), role) == WITH_CUSTOMER
	},
	"no roles": Who(()),
	"customer of the portal": Who(()),
	"Guest": Who(()),
	"everything, of one customer": Who(EVERYTHING, one_customer=True),
	"everything, of one company": Who(EVERYTHING, one_company=True),
	"Sales User, of one customer": Who(("Sales User",), one_customer=True),
	"Stock User, of one customer": Who(("Stock User",), one_customer=True),
}
# 429: links that are none, one after another from one address.
REFUSED = (401, 403, 429)
# What belongs to no customer and no company.
OF_ALL = (
	"Backup Check",
	"Duty Conflict",
	"Duty Mitigation",
	"Group Robot",
	"Procedure",
	"Procedure Reading",
	"Procedure Version",
	"Robot Delivery",
	"Warning Digest",
	"Warning Digest Issue",
	"Warning Setup",
)
# Functions that decide on each document of a list by itself -> its DocType.
ONE_BY_ONE = {
	"close_warnings": "Early Warning",
	"release_holds": "Credit Hold",
	"reject_holds": "Credit Hold",
	"undo_contacts": "Follow Up",
	"apply_proposals": "Receipt Proposal",
	"decline_proposals": "Receipt Proposal",
}


@pytest.fixture(autouse=True)
def _one_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
	"""What makes PDF files takes a second for each, and lets nobody in: one file stands for all."""
	for module in (print_letters, printing, evidence):
		monkeypatch.setattr(module, "get_pdf", lambda *_html: a_pdf())


@cache
def a_pdf() -> bytes:
	return get_pdf("<p>Page</p>")


@dataclass
class Books:
	"""One document of each kind by what a request is about, and words that tell of what is closed to some."""

	documents: dict[Target, dict[str, str]]
	customers: dict[Target, str]
	companies: dict[Target, str]
	good: dict[str, Any]

	def words(self, target: Target) -> set[str]:
		"""Return names that only this customer, or this company, has."""
		mine = self.documents[MINE]
		of_all = OF_ALL + (("Dunning Run", "Dunning Policy") if target == OF_ANOTHER else ())
		names = {
			name
			for doctype, name in self.documents[target].items()
			if name != mine.get(doctype) and doctype not in of_all
		}
		return names | ({OTHER} if target == OF_ANOTHER else {SECOND})


@pytest.fixture(scope="module")
def books(records: Records) -> Books:
	f.make_company(SECOND)
	one, other = (
		{**made, "Sales Order": frappe.db.get_value("Credit Hold", made["Credit Hold"], "reference_name")}
		for made in (records.one, records.other)
	)
	second = {doctype: in_second(doctype, name) for doctype, name in one.items()}
	return Books(
		{MINE: one, OF_ANOTHER: other, OF_SECOND: second},
		{MINE: ONE, OF_ANOTHER: OTHER, OF_SECOND: ONE},
		{MINE: COMPANY, OF_ANOTHER: COMPANY, OF_SECOND: SECOND},
		fine(records),
	)


def in_second(doctype: str, name: str) -> str:
	"""Copy a document for the second company; one of no company is every company's."""
	doc = frappe.get_doc(doctype, name)
	field = "for_company" if doc.meta.has_field("for_company") else "company"
	if not doc.meta.has_field(field) or doctype == "Dunning Policy":
		return name
	copy = frappe.copy_doc(doc)
	copy.update({"name": f"second-{frappe.scrub(doctype)}", field: SECOND, "owner": doc.owner})
	for unique in (df.fieldname for df in doc.meta.fields if df.unique):
		copy.set(unique, None)
	if doc.meta.has_field("month_end"):
		copy.month_end = "second-kpi_month_end"
	# What an index of ours holds unique.
	for df in copy.meta.fields:
		if df.fieldname.endswith("_key"):
			copy.set(df.fieldname, frappe.generate_hash())
	copy.docstatus = 0
	for table in doc.meta.get_table_fields():
		copy.set(table.fieldname, [])
	copy.db_insert()
	return copy.name


def arguments(function: Callable, target: Target, books: Books) -> dict[str, Any]:
	"""Return good arguments: those that say what the request is about by what the function requires, others by their names."""
	names = frappe._dict(books.good)
	documents = books.documents[target]
	for requirement in requirements_of(function):
		match requirement:
			case (
				DocumentRight(doctype, _, argument)
				| AccountOf(doctype, argument)
				| CompanyOf(doctype, argument)
			):
				names[argument] = documents[doctype]
			case Listed(doctype, argument):
				names[argument] = [documents[doctype]]
			case CheckedDocument():
				names.update(doctype="Sales Order", name=documents["Sales Order"])
			case ListedCustomers(argument):
				names[argument] = [books.customers[target]]
			case CustomerRight() | AccountRight():
				names.customer = books.customers[target]
	names.company = names.for_company = books.companies[target]
	names.accounts = [{"customer": books.customers[target], "company": books.companies[target]}]
	if doctype := ONE_BY_ONE.get(function.__name__):
		names.names = [documents[doctype]]
	if function.__name__ == "new_document":
		names.doctype = "Escalation Case"
	if function.__name__ == "customer_ledger":
		names.lines = 5
	names.filters = {"company": books.companies[target]}
	if function.__name__ == "get_events":
		names.start, names.filters = books.good["from_date"], {}
	wanted = inspect.signature(function).parameters
	return {name: names[name] for name in wanted if name in names}


def login(name: str, who: Who) -> None:
	frappe.set_user("Administrator")
	if name == "Guest":
		frappe.set_user("Guest")
		return
	permissions = [("Customer", ONE)] * who.one_customer + [("Company", COMPANY)] * who.one_company
	roles = ("Customer",) if name == "customer of the portal" else who.roles
	user = f.make_user(
		f"functions.{frappe.scrub(name).replace(',', '')}@example.com", roles, permissions
	).name
	if who.shared:
		frappe.share.add("Customer", ONE, user, read=1)
	if name == "customer of the portal":
		frappe.db.set_value("User", user, "user_type", "Website User")
	frappe.clear_cache(user=user)
	frappe.set_user(user)


def request(path: str, target: Target, books: Books) -> tuple[dict[str, Any], Answer]:
	user = frappe.session.user
	frappe.set_user("Administrator")
	sent = arguments(FUNCTIONS[path], target, books)
	frappe.set_user(user)
	method = frappe.allowed_http_methods_for_whitelisted_func[FUNCTIONS[path]][0]
	return sent, call(path, method, **sent)


def told(answer: Answer) -> str:
	return frappe.as_json(answer.data) if answer.data is not None else answer.body


def test_every_function_says_what_it_requires():
	assert len(FUNCTIONS) > 70
	assert [path for path, function in FUNCTIONS.items() if requirements_of(function) is None] == []


def test_documents_have_no_methods_of_ours_to_call():
	"""One would take its document's permission alone; where there is one some day, it is to say what it requires."""
	doctypes = frappe.get_all("DocType", {"module": "Client Ledger"}, pluck="name")
	for doctype in doctypes:
		controller = frappe.model.base_document.get_controller(doctype)
		assert issubclass(controller, LedgerDocument)
		for name, method in vars(controller).items():
			assert not is_whitelisted(method) or requirements_of(method) is not None, (doctype, name)


def is_whitelisted(method: Any) -> bool:
	return inspect.isfunction(method) and method in frappe.whitelisted


@pytest.mark.parametrize("name", USERS)
def test_functions(name: str, books: Books):
	who = USERS[name]
	login(name, who)
	wrong = []
	for path, function in FUNCTIONS.items():
		required = requirements_of(function)
		if who.shared and cell(required, *who.roles) != WITH_CUSTOMER:
			# It makes no difference that a customer is shared.
			continue
		for target in (MINE, OF_ANOTHER, OF_SECOND):
			if target != MINE and not (closed(who, target) and allowed(required, who)):
				continue
			sent, answer = request(path, target, books)
			may = name != "Guest" and allowed(required, who, target)
			if (answer.status in REFUSED) == may or answer.status >= 500:
				wrong.append((path, target, sent, answer.status, answer.text[:300]))
			elif may and answer.status < 400:
				wrong += [(path, target, "tells of", word) for word in leaks(who, sent, answer, books)]
				if target != MINE and any(row["done"] for row in rows_done(function, answer)):
					wrong.append((path, target, "did it to what is closed", answer.data))
				if target != MINE and any(isinstance(one, Listed) for one in required) and number(answer):
					wrong.append((path, target, "did it to what is closed", answer.data))
	assert not wrong, f"{len(wrong)}: " + "\n".join(map(str, wrong[:20]))


def closed(who: Who, target: Target) -> bool:
	"""Whether what *target* is about is closed to one who sees the other."""
	return (not target.customer and (who.shared or who.one_customer)) or (
		not target.company and who.one_company
	)


def leaks(who: Who, sent: dict[str, Any], answer: Answer, books: Books) -> list[str]:
	"""Return the names in an answer that are closed to the user."""
	text, asked = told(answer), frappe.as_json(sent)
	words = {
		word for target in (OF_ANOTHER, OF_SECOND) if closed(who, target) for word in books.words(target)
	}
	return [word for word in sorted(words) if f'"{word}"' in text and f'"{word}"' not in asked]


def rows_done(function: Callable, answer: Answer) -> list[dict]:
	"""Return the rows of an answer that says of each document or account what became of it."""
	is_one_by_one = function.__name__ in (*ONE_BY_ONE, "log_no_answer")
	return (answer.data or {}).get("message") or [] if is_one_by_one else []


def number(answer: Answer) -> int:
	found = (answer.data or {}).get("message")
	return found if isinstance(found, int) else 0


def test_lists_of_customers_leave_out_who_is_closed(books: Books):
	for name in ("everything, of one customer", "Auditor, with customer"):
		login(name, USERS[name])
		for path in ("credit.api.customer_grades", "dunning.api.customer_levels"):
			answer = call(f"client_ledger.{path}", "GET", customers=[ONE, OTHER])
			assert answer.status == 200 and OTHER not in answer.data["message"], (name, path)


def test_a_collector_of_its_own_customers_reaches_no_other(books: Books):
	"""Where Collection Settings narrow Credit Controllers: what goes by the account is closed for those of others."""
	frappe.db.set_single_value("Collection Settings", "sees", OWN)
	try:
		login("Credit Controller of all customers", Who(("Credit Controller", "Accounts User")))
		user = frappe.session.user
		frappe.set_user("Administrator")
		frappe.db.set_value("Client Account", {"customer": ONE, "company": COMPANY}, "account_manager", user)
		frappe.set_user(user)
		for path, function in FUNCTIONS.items():
			if not any(isinstance(one, AccountRight | AccountOf) for one in requirements_of(function)):
				continue
			assert request(path, OF_ANOTHER, books)[1].status == 403, path
			assert request(path, MINE, books)[1].status != 403, path
	finally:
		frappe.set_user("Administrator")
		frappe.db.set_single_value("Collection Settings", "sees", "All Customers")


@pytest.mark.parametrize("name", ["everything, of one customer", "everything, of one company", "Stock User"])
def test_methods_of_documents_are_closed_with_them(name: str, books: Books):
	"""Those of Frappe that every document has, through its call of document methods."""
	who = USERS[name]
	login(name, who)
	for target in (OF_ANOTHER, OF_SECOND):
		for doctype, document in books.documents[target].items():
			if document == books.documents[MINE].get(doctype) or allowed(
				(DocumentRight(doctype),), who, target
			):
				continue
			controller = frappe.model.base_document.get_controller(doctype)
			for method in dir(controller):
				if not is_whitelisted(getattr(controller, method, None)):
					continue
				sent = {"dt": doctype, "dn": document, "method": method}
				assert call("run_doc_method", "POST", **sent).status in (403, 404), (doctype, method)
