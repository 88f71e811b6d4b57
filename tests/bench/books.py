"""Books to report on: two companies and four customers, one of them billed in euro, with every kind of open item."""

import frappe
from frappe.utils import add_days, nowdate

from tests.bench import factories as f
from tests.bench.accounts import refresh

COMPANY = "Report Test Company"
OTHER_COMPANY = "Report Other Company"
NORTH, SOUTH = "Report North", "Report South"
CUSTOMERS = {"Report Ash": NORTH, "Report Beech": NORTH, "Report Cedar": SOUTH, "Report Elm": SOUTH}


def ago(days: int) -> str:
	return add_days(nowdate(), -days)


def make_books() -> None:
	"""Make the customers, bill them, take payments, and refresh their accounts; nothing where they are already."""
	if frappe.db.exists("Customer", next(iter(CUSTOMERS))):
		return
	for name, abbr in ((COMPANY, "RTC"), (OTHER_COMPANY, "ROC")):
		f.make_company(name, abbr)
	branch("Customer Group", "Report Group")
	for territory in (NORTH, SOUTH):
		branch("Territory", territory)
	for person in ("Report Ann", "Report Bob"):
		branch("Sales Person", person)
	for i, (name, territory) in enumerate(CUSTOMERS.items()):
		f.make_customer(
			name,
			currency="EUR" if name == "Report Elm" else None,
			companies=[COMPANY] if name == "Report Elm" else (),
			territory=territory,
			customer_group="Report Group",
			sales_team=[
				{"sales_person": "Report Ann", "allocated_percentage": 100 - 80 * (i % 2)},
				{"sales_person": "Report Bob", "allocated_percentage": 80 * (i % 2)},
			],
		)
	bill_and_pay()
	refresh()


def branch(doctype: str, name: str) -> None:
	"""Make a leaf under the root of a tree."""
	if not frappe.db.exists(doctype, name):
		field = frappe.scrub(doctype)
		root = frappe.db.get_value(doctype, {"is_group": 1, f"parent_{field}": ("in", ("", None))})
		title = "sales_person_name" if doctype == "Sales Person" else f"{field}_name"
		frappe.get_doc({"doctype": doctype, title: name, f"parent_{field}": root}).insert()


def bill_and_pay() -> None:
	for i, name in enumerate(CUSTOMERS):
		rate = {"rate": 1.1} if name == "Report Elm" else {}
		old = f.make_invoice(name, 1000 + i, ago(200), COMPANY, **rate)
		f.make_invoice(name, 400.55, ago(75), COMPANY, terms=[(15, 40), (60, 60)], **rate)
		f.make_invoice(name, 77.77, ago(5), COMPANY, **rate)
		f.make_payment(name, 600, ago(90), COMPANY, against=[(old, 600)], **rate)
	credited = f.make_invoice("Report Ash", 300, ago(50), COMPANY)
	f.make_credit_note(credited.name, 120, ago(20))
	f.make_payment("Report Beech", 150, ago(12), COMPANY)
	f.make_invoice("Report Cedar", 5000, ago(60), OTHER_COMPANY)
