"""A company of its own with two years of sales, part payments, credit notes and a write-off; and people who see them."""

from datetime import date

import frappe
from frappe.utils import add_days, add_months, get_first_day, getdate, nowdate

from client_ledger.kpis.store import store_month
from tests.bench import factories as f
from tests.bench.accounts import refresh
from tests.bench.books import branch

COMPANY, LONE = "KPI Company", "KPI Lone Company"
NORTH, SOUTH = "KPI North", "KPI South"
ANN, BOB = "KPI Ann", "KPI Bob"
CUSTOMERS = {"KPI Ash": (NORTH, ANN), "KPI Beech": (NORTH, BOB), "KPI Cedar": (SOUTH, BOB)}
MANAGER, AUDITOR, SELLER = "manager@kpis.example", "auditor@kpis.example", "seller@kpis.example"
PEOPLE = {
	MANAGER: ("Accounts Manager",),
	AUDITOR: ("Auditor",),
	SELLER: ("Sales User",),
}


def month_end(ago: int = 1) -> date:
	"""Return the last day of the month that many months before this one."""
	return getdate(add_days(get_first_day(add_months(nowdate(), 1 - ago)), -1))


def day_in(ago: int, day: int) -> date:
	"""Return a day of the month that many months before this one."""
	return getdate(add_days(get_first_day(add_months(nowdate(), -ago)), day - 1))


def make_people() -> None:
	for email, roles in PEOPLE.items():
		f.make_user(email, roles)
		frappe.clear_cache(user=email)


def make_books(company: str = COMPANY, months: int = 7) -> dict[str, frappe._dict]:
	"""Bill every customer every month; most is paid in time, some late or in part, some credited or written off."""
	f.make_company(company, "KPC")
	for territory in (NORTH, SOUTH):
		branch("Territory", territory)
	for person in (ANN, BOB):
		branch("Sales Person", person)
	for name, (territory, person) in CUSTOMERS.items():
		team = [{"sales_person": person, "allocated_percentage": 100}]
		f.make_customer(name, territory=territory, sales_team=team)
	made = {}
	for ago in range(months, 0, -1):
		for place, name in enumerate(CUSTOMERS):
			amount = 100 * (place + 1) + 7.77 * ago
			invoice = f.make_invoice(name, amount, day_in(ago, 3 + place), company, due_date=day_in(ago, 20))
			made[f"{name} {ago}"] = invoice
			if place == 0 and ago > 1:
				f.pay(invoice, day_in(ago - 1, 4))
			if place == 1 and ago > 2:
				f.pay(invoice, day_in(ago - 2, 9), amount=60)
	f.make_credit_note(made["KPI Cedar 3"].name, 50, day_in(2, 11), for_self=False)
	f.make_payment("KPI Cedar", 33, day_in(1, 12), company=company)
	refresh()
	return made


def store(company: str = COMPANY, count: int = 6) -> None:
	"""Store the last *count* month ends."""
	for ago in range(1, count + 1):
		assert store_month(company, month_end(ago))
