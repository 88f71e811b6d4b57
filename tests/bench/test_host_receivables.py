"""What ERPNext 16.9 added to receivables: our open items are the report's with it, and it changes nothing else."""

import json
from collections import Counter
from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate, nowdate

from client_ledger.core.ageing import age_items
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from tests.bench import factories as f
from tests.bench.receivable_report import View, by_voucher, ours, their_row, theirs, whole_cents
from tests.bench.slow_oracle import Documents, cents, open_rows

pytestmark = pytest.mark.every_version

COMPANY = f.COMPANY
TODAY = getdate(nowdate())


def ago(days: int):
	return TODAY - timedelta(days=days)


def assert_parity(customer: str) -> Counter:
	"""Our items are Accounts Receivable's and a slow reading's, in all views; return the cents by voucher, by terms."""
	for by_terms in (True, False):
		for in_party_currency in (True, False):
			view = View(COMPANY, TODAY, by_terms, in_party_currency)
			own = by_voucher([row for row in ours(view) if row.customer == customer])
			assert own == by_voucher([their_row(row) for row in theirs(view, customer=customer)]), str(view)
			slow = [row for row in open_rows(Documents(), *view) if row.customer == customer]
			assert own == by_voucher(slow), str(view)
	return Counter(
		{
			(key[3], due): sum(v for d, v in dates.items() if d == due)
			for key, dates in own.items()
			for due in dates
		}
	)


@pytest.fixture
def customer():
	f.make_company()
	return f.make_customer("Host Receivables").name


def test_tax_withholding_entries(customer):
	if not frappe.db.exists("DocType", "Tax Withholding Entry"):
		pytest.skip("this ERPNext has no tax withholding entries")
	head = f.make_account("Withheld at Source", COMPANY, "Tax", f.CURRENCY, "Duties and Taxes")
	frappe.get_doc(
		{
			"doctype": "Tax Withholding Category",
			"name": "Host Withholding",
			"category_name": "Host Withholding",
			"tax_deduction_basis": "Net Total",
			"rates": [
				{
					"from_date": f"{year}-01-01",
					"to_date": f"{year}-12-31",
					"tax_withholding_rate": 10,
					"single_threshold": 0,
					"cumulative_threshold": 0,
				}
				for year in (TODAY.year - 1, TODAY.year)
			],
			"accounts": [{"company": COMPANY, "account": head}],
		}
	).insert()
	frappe.db.set_value("Customer", customer, "tax_withholding_category", "Host Withholding")
	invoice = f.make_invoice(customer, 1000, ago(60), due_date=ago(30), apply_tds=1)
	assert invoice.tax_withholding_entries and invoice.grand_total == 1100
	terms = f.make_invoice(customer, 500, ago(40), terms=[(10, 40), (60, 60)], apply_tds=1)
	assert_parity(customer)
	f.make_payment(customer, 300, ago(10), against=[(invoice, 300)])
	f.make_payment(customer, 120, ago(5), against=[(terms, 120)])
	f.make_credit_note(invoice.name, 100, ago(3))
	assert_parity(customer)
	(tie,) = site_ledger().reconcile(Scope((COMPANY,), (customer,)), TODAY).values()
	assert not tie.difference and tie.payment_ledger > 0


def test_payment_requests_per_row_of_the_schedule(customer):
	if not frappe.get_meta("Payment Request").has_field("payment_reference"):
		pytest.skip("this ERPNext asks for whole invoices")
	from erpnext.accounts.doctype.payment_request.payment_request import make_payment_request

	template = f.make_terms_template("Host Thirds", [(10, 30), (40, 30), (80, 40)], allocate=True).name
	invoice = f.make_invoice(customer, 1000, ago(60), template=template)
	before = assert_parity(customer)
	row = invoice.payment_schedule[0]
	request = make_payment_request(
		dt="Sales Invoice",
		dn=invoice.name,
		recipient_id="books@debtor.example",
		mute_email=1,
		submit_doc=1,
		return_doc=1,
		schedules=json.dumps([row.as_dict()], default=str),
	)
	assert request.grand_total == 300
	# Asking changes nothing; what is paid for the row settles that row.
	assert assert_parity(customer) == before
	f.make_payment(customer, 300, nowdate(), against=[(invoice, 300, row.payment_term)])
	assert_parity(customer)
	items = site_ledger().open_items(Scope((COMPANY,), (customer,)), TODAY)
	assert [(item.due_date, item.outstanding) for item in items] == [
		(getdate(invoice.payment_schedule[1].due_date), 300),
		(getdate(invoice.payment_schedule[2].due_date), 400),
	]


def test_the_column_of_what_is_not_due(customer):
	"""16.9 shows it as "<0"; where there is no such column it is what no bucket holds."""
	f.make_invoice(customer, 100, ago(60), due_date=ago(30))
	f.make_invoice(customer, 200, ago(5), terms=[(5, 25), (6, 25), (40, 50)])
	f.make_payment(customer, 30, ago(1))
	for basis, by in (("Due Date", "due"), ("Posting Date", "posting")):
		view = View(COMPANY, TODAY, True, False)
		rows = theirs(view, basis, customer)
		items = site_ledger().open_items(Scope((COMPANY,), (customer,)), TODAY)
		ageing = age_items(items, TODAY, basis=by)
		has_column = all("range0" in row for row in rows)
		assert has_column or int(frappe.__version__.split(".")[0]) == 15
		buckets = [sum(cents(row[f"range{i}"]) for row in rows) for i in range(1, 6)]
		not_due = (
			sum(cents(row.range0) for row in rows)
			if has_column
			else sum(cents(row.outstanding) for row in rows) - sum(buckets)
		)
		assert [whole_cents(ageing.not_due), *map(whole_cents, ageing.buckets)] == [not_due, *buckets], basis
