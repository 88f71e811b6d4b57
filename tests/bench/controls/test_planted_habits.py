"""Faults in what people usually do, planted among a year of a company's invoices: nights, days off, round amounts, first digits,
write-offs that crowd below a limit. Found by the night as rows, and gone when they are mended.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import frappe
import pytest
from frappe.utils import getdate, now_datetime

from client_ledger.controls import nightly
from tests.bench import factories as f

pytestmark = pytest.mark.every_version
COMPANY, CUSTOMERS = "Habitual Company", tuple(f"Habitual Customer {n}" for n in range(8))
OWL, GUEST, ROUNDER, INVENTOR = (f"{name}@habits.example" for name in ("owl", "weekend", "round", "digits"))
USUAL = tuple(f"usual{n}@habits.example" for n in range(3))
PEOPLE = (OWL, GUEST, ROUNDER, INVENTOR, *USUAL)
CODES = ("nights", "days_off", "round_amounts", "first_digits")
FIELDS = (
	*("name", "company", "customer", "posting_date", "due_date", "grand_total", "base_grand_total"),
	*("party_account_currency", "currency", "creation", "modified", "owner", "modified_by", "docstatus"),
	*("is_opening", "outstanding_amount"),
)


def last_month() -> date:
	"""Return the first day of the month before this one."""
	return (getdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def weekdays(days: int) -> list[date]:
	"""Return the working days of so many days until yesterday."""
	every = (getdate() - timedelta(days=n) for n in range(days, 0, -1))
	return [day for day in every if day.weekday() < 5]


def grown(number: int) -> Decimal:
	"""Return an amount as business grows them: by Benford's law, over three orders of magnitude, seldom a round one."""
	share = number * Decimal("0.6180339887498949") % 1
	amount = (Decimal(10) ** (1 + 3 * share)).quantize(Decimal("0.01"))
	return amount + Decimal("0.37") if amount % 10 == 0 else amount


class Planted:
	"""A year of invoices, written straight into the table: only that they are there matters."""

	def __init__(self) -> None:
		self.rows: list[tuple] = []
		self.faults: dict[str, list[str]] = {code: [] for code in CODES}

	def invoice(self, person: str, at: datetime, amount: Decimal, fault: str = "") -> None:
		number = len(self.rows) + 1
		name = f"HAB-{number:06}"
		day = at.date()
		values = (name, COMPANY, CUSTOMERS[number % 8], day, day, amount, amount, "USD", "USD")
		self.rows.append((*values, at, at, person, person, 1, "No", 0))
		if fault:
			self.faults[fault].append(name)

	def write(self) -> None:
		frappe.db.bulk_insert("Sales Invoice", FIELDS, self.rows, chunk_size=1000)


@pytest.fixture
def planted() -> Planted:
	f.make_company(COMPANY)
	for name in CUSTOMERS:
		f.make_customer(name)
	for person in PEOPLE:
		f.make_user(person, ("Accounts User",))
	made = Planted()
	amounts = iter(range(1, 100_000))
	for place, day in enumerate(weekdays(330)):
		for one, person in enumerate(PEOPLE):
			if (place + one) % 2 and person != INVENTOR:
				continue
			made.invoice(person, datetime.combine(day, time(9 + one)), grown(next(amounts)))
	_plant(made, amounts)
	made.write()
	return made


def _plant(made: Planted, amounts: Iterator[int]) -> None:
	first = last_month()
	month = [first + timedelta(days=n) for n in range(28)]
	for day in month[1:16:2]:
		made.invoice(OWL, datetime.combine(day, time(23, 40)), grown(next(amounts)), "nights")
	for day in [day for day in month if day.weekday() > 4][:7]:
		made.invoice(GUEST, datetime.combine(day, time(11)), grown(next(amounts)), "days_off")
	working = [day for day in month if day.weekday() < 5]
	for n in range(40):
		at = datetime.combine(working[n % len(working)], time(14))
		made.invoice(ROUNDER, at, Decimal(500 + 100 * (n % 20)), "round_amounts")
	for n in range(240):
		amount = Decimal(f"{47 + n % 4}.{n % 97:02}") * (1, 10, 100)[n % 3]
		day = working[n % len(working)]
		made.invoice(INVENTOR, datetime.combine(day, time(15)), amount, "first_digits")


def night(*codes: str) -> None:
	nightly.look([COMPANY], codes or CODES)


def rows(control: str) -> list[frappe._dict]:
	return frappe.get_all(
		"Control Finding", {"control": control, "company": COMPANY}, ["*"], order_by="on_date, name"
	)


def documents(row: frappe._dict) -> set[str]:
	return set(frappe.get_all("Control Finding Document", {"parent": row.name}, pluck="document_name"))


def test_what_is_unusual_for_a_person_is_found_by_the_night_and_gone_when_it_is_mended(planted):
	night()
	for code, person in zip(CODES, (OWL, GUEST, ROUNDER, INVENTOR), strict=True):
		(row,) = rows(code)
		assert (row.status, row.person) == ("Open", person), code
		assert documents(row) & set(planted.faults[code]), code
	assert len(documents(rows("nights")[0])) == 8 and f"{last_month():%Y-%m}" in rows("nights")[0].reason
	night()
	assert {row.status for code in CODES for row in rows(code)} == {"Open"}, "found again is not found twice"

	at = now_datetime() + timedelta(seconds=1)
	invoice = frappe.qb.DocType("Sales Invoice")

	def mend(code: str, **values: object) -> None:
		query = frappe.qb.update(invoice).set(invoice.modified, at)
		for field, value in values.items():
			query = query.set(invoice[field], value)
		query.where(invoice.name.isin(planted.faults[code])).run()

	# Entered by day and on working days after all, and by an import: what stands out no more is gone.
	workday = next(day for day in weekdays(120) if day.month != last_month().month)
	for code in ("nights", "days_off"):
		mend(code, creation=datetime.combine(workday, time(10)))
	for code in ("round_amounts", "first_digits"):
		mend(code, owner="Administrator")
	mend("first_digits", docstatus=2)
	night()
	for code in CODES:
		(row,) = rows(code)
		assert row.status == "Gone" and row.resolution, code
