"""Details of reading: amounts and days as Versions show them, holidays and worked weekends, journal entries, currencies."""

from decimal import Decimal

import frappe
import pytest
from frappe.utils import add_days, formatdate, getdate

from client_ledger.controls.facts.formatted import as_amount, as_day, is_set
from client_ledger.controls.facts.people import company_hours
from client_ledger.core.controls.facts import FactKind
from tests.bench import factories as f
from tests.bench.controls import setting as s

pytestmark = pytest.mark.one_transaction
CUSTOMER, ABROAD = "Controlled Detail", "Controlled Detail Abroad"


@pytest.fixture(scope="module", autouse=True)
def _company() -> None:
	s.make_company()
	f.make_customer(CUSTOMER)
	f.make_customer(ABROAD, "EUR", (s.COMPANY,))


@pytest.mark.parametrize(
	("shown", "amount"),
	[
		("$ 5,000.00", "5000"),
		("€ 10.000,50", "10000.50"),
		("10 000,00", "10000"),
		("¥ 10,000", "10000"),
		("KD 1,234.567", "1234.567"),
		("-3.5", "-3.5"),
		(0, "0"),
		(None, "0"),
		("Rs 12,34,567.00", "1234567"),
		("1.234.567,00", "1234567"),
	],
)
def test_amounts_as_they_are_shown(shown: object, amount: str):
	assert as_amount(shown) == Decimal(amount)


def test_days_and_boxes_as_they_are_shown():
	today = s.day(0)
	assert as_day(formatdate(today)) == as_day(today.isoformat()) == today
	assert as_day("soon") is None
	assert is_set(1) and is_set("1") and not is_set(0) and not is_set("0") and not is_set(None)


def test_a_holiday_list_that_names_weekends_says_which_are_worked():
	first = getdate("2026-01-01")
	days = [getdate(add_days(first, n)) for n in range(60)]
	weekends = [day for day in days if day.weekday() > 4]
	rows = [{"holiday_date": day, "description": "Weekend", "weekly_off": 1} for day in weekends[2:]]
	listed = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": "Controlled Days",
			"from_date": first,
			"to_date": days[-1],
			"holidays": rows,
		}
	).insert()
	frappe.db.set_value("Company", s.COMPANY, "default_holiday_list", listed.name)
	frappe.clear_document_cache("Company", s.COMPANY)
	_hours, worked = company_hours(s.COMPANY)
	assert worked == frozenset(weekends[:2])
	read = s.facts(kinds=set())
	assert not read.is_day_off(weekends[0]) and read.is_day_off(weekends[2])
	frappe.db.set_value("Company", s.COMPANY, "default_holiday_list", None)
	frappe.clear_document_cache("Company", s.COMPANY)


def journal(ago: int, *rows: dict, **fields) -> frappe.model.document.Document:
	return s.entered(
		f.make_journal(list(rows), s.day(ago), company=s.COMPANY, **fields), s.day(ago), s.CASHIER
	)


def test_journal_entries_are_receipts_write_offs_or_neither():
	debtors, bank = (
		f.make_receivable(s.COMPANY),
		frappe.get_cached_value("Company", s.COMPANY, "default_bank_account"),
	)
	loss = f.make_expense_account(s.COMPANY)
	owed = f.make_invoice(CUSTOMER, 1000, s.day(60), company=s.COMPANY)
	credit = {"account": debtors, "customer": CUSTOMER, "against": owed}
	money = journal(30, {**credit, "credit": 200}, {"account": bank, "debit": 200})
	mixed = journal(
		29, {**credit, "credit": 100}, {"account": bank, "debit": 90}, {"account": loss, "debit": 10}
	)
	lost = journal(28, {**credit, "credit": 50}, {"account": loss, "debit": 50})
	refund = journal(
		27, {"account": debtors, "customer": CUSTOMER, "debit": 30}, {"account": bank, "credit": 30}
	)
	read = s.facts()
	amounts = {one.name: one.amount for one in read.receipts}
	assert (amounts[money.name], amounts[mixed.name], amounts[lost.name], amounts[refund.name]) == (
		200,
		90,
		0,
		-30,
	)
	assert read.receipt[lost.name].owner == "" and read.receipt[money.name].voucher.doctype == "Journal Entry"
	written = {one.document.name: one.base_amount for one in read.write_offs}
	assert written == {mixed.name: 10, lost.name: 50}
	assert read.left_of(read.invoice[owed.name]) == 650


def test_a_payment_in_another_currency():
	owed = f.make_invoice(ABROAD, 100, s.day(20), company=s.COMPANY, currency="EUR", rate=1.1)
	paid = f.make_payment(
		ABROAD, 40, s.day(5), company=s.COMPANY, against=((owed, 40),), rate=1.2, reference_no="E-1"
	)
	read = s.facts()
	receipt = read.receipt[paid.name]
	assert (receipt.amount, receipt.base_amount, receipt.currency) == (40, 48, "EUR")
	assert read.invoice[owed.name].amount - read.taken[owed.name] == 60


def test_money_allocated_later_is_allocated_since_then():
	owed = f.make_invoice(CUSTOMER, 300, s.day(50), company=s.COMPANY)
	paid = s.entered(
		f.make_payment(
			CUSTOMER, 300, s.day(40), company=s.COMPANY, against=((owed, 300),), reference_no="A-1"
		),
		s.day(40),
	)
	entry = frappe.qb.DocType("Payment Ledger Entry")
	frappe.qb.update(entry).set(entry.creation, f"{s.day(3)} 12:00:00").where(
		entry.voucher_no == paid.name
	).run()
	(part,) = s.facts().receipt[paid.name].allocations
	assert part.on == s.day(3)


def test_people_and_their_clocks():
	frappe.db.set_value("User", s.CLERK, "time_zone", "Asia/Shanghai")
	s.entered(f.make_invoice(CUSTOMER, 9, s.day(2), company=s.COMPANY), s.day(2))
	people = s.facts(kinds={FactKind.INVOICES}).people
	assert people[s.CLERK].zone == "Asia/Shanghai" and not people[s.CLERK].is_system
