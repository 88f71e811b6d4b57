"""The sample company: the same seed makes the same bytes, and its ledger looks like a real one."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import median, pstdev

import pytest

from client_ledger.core.settlement import settlements
from client_ledger.ledger.reader import Scope
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.generator import generate
from tests.preview.conftest import TODAY


@pytest.fixture(scope="module")
def large():
	return generate(3, TODAY, 120)


@pytest.fixture(scope="module")
def settled(large, tmp_path_factory):
	"""Every invoice of the large sample with the day it was paid."""
	path = tmp_path_factory.mktemp("large") / "large.sqlite"
	connection = ledger_file.create(path)
	posting.post_all(connection, large)
	ledger_file.make_indexes(connection)
	ledger = ledger_file.ledger(connection)
	scope = Scope(tuple(c.name for c in large.companies), tuple(c.name for c in large.customers))
	found = settlements(ledger.entries(scope, TODAY), ledger.invoices_of(scope, TODAY))
	connection.close()
	return found


def write(path, documents):
	connection = ledger_file.create(path)
	posting.post_all(connection, documents)
	ledger_file.make_indexes(connection)
	connection.close()
	return path.read_bytes()


def test_same_seed_same_bytes(tmp_path):
	first = write(tmp_path / "a.sqlite", generate(5, TODAY, 15))
	assert first == write(tmp_path / "b.sqlite", generate(5, TODAY, 15))
	assert first != write(tmp_path / "c.sqlite", generate(6, TODAY, 15))


def test_nothing_happens_after_today(large):
	for rows in (large.orders, large.deliveries, large.invoices, large.payments, large.journals):
		assert rows
		assert max(row.date for row in rows) <= TODAY
	assert min(i.date for i in large.invoices) < TODAY - timedelta(days=24 * 30)


def test_references_resolve_and_come_first(large):
	seen = set()
	for document in large.in_order():
		wanted = {
			getattr(document, name, None) for name in ("order", "delivery", "return_against", "against")
		}
		wanted |= {allocation.name for allocation in getattr(document, "allocations", ())}
		assert wanted - {None} <= seen, document.name
		assert document.name not in seen
		seen.add(document.name)


def test_sizes_are_heavy_tailed(large):
	assert 2000 < len(large.invoices) < 3400
	sizes = sorted(Counter(i.customer for i in large.invoices).values())
	assert sizes[len(sizes) // 10] <= 4
	assert 6 <= median(sizes) <= 18
	assert sizes[-1] > 8 * median(sizes)


def test_payments_fall_on_business_days_most_of_all_on_mondays(large):
	days = Counter(payment.date.weekday() for payment in large.payments)
	assert set(days) <= {0, 1, 2, 3, 4}
	assert days[0] == max(days.values())


def test_how_late_customers_pay(settled):
	late: dict[str, list[int]] = {}
	for found in settled:
		if found.days_late is not None:
			late.setdefault(found.invoice.customer, []).append(found.days_late)
	many = {name: days for name, days in late.items() if len(days) >= 5}
	means = [sum(days) / len(days) for days in many.values()]
	assert len(many) > 50
	assert 5 < pstdev(means) < 22
	rates = sorted(sum(day > 0 for day in days) / len(days) for days in many.values())
	assert rates[len(rates) // 10] < 0.35
	assert rates[-len(rates) // 10] > 0.7
	exact = sum(day == 0 for days in late.values() for day in days) / sum(map(len, late.values()))
	assert exact > 0.1


def test_how_many_payments_an_invoice_takes(large):
	counts = Counter()
	for payment in large.payments:
		for name in {a.name for a in payment.allocations}:
			counts[name] += 1
	whole = {i.name for i in large.invoices if len(i.terms) == 1}
	per_invoice = Counter(count for name, count in counts.items() if name in whole)
	paid = sum(per_invoice.values())
	assert per_invoice[1] / paid > 0.85
	assert 0.02 < per_invoice[2] / paid < 0.13


def test_everything_that_real_ledgers_have(large):
	invoices = {i.name: i for i in large.invoices}
	notes = [i for i in large.invoices if i.is_credit_note]
	assert any(n.pays_original for n in notes)
	assert any(n.return_against and not n.pays_original for n in notes)
	assert any(not n.return_against for n in notes)
	assert any(len(i.terms) > 1 for i in large.invoices)
	assert any(i.dispute for i in large.invoices)
	assert any(i.cancelled for i in large.invoices)
	assert any(i.is_opening for i in large.invoices)
	assert any(i.paid_at_counter for i in large.invoices)
	assert any(p.is_refund for p in large.payments)
	assert any(p.unallocated for p in large.payments)
	assert any(len(p.allocations) > 1 for p in large.payments)
	assert any(a.doctype == "Sales Order" for p in large.payments for a in p.allocations)
	paid = [(p, invoices[a.name]) for p in large.payments for a in p.allocations if a.name in invoices]
	assert any(p.date < i.date for p, i in paid)
	assert {i.currency for i in large.invoices} == {"CNY", "EUR", "USD"}
	assert any(j.kind == "Write Off Entry" for j in large.journals)
	assert any(j.amount > 0 for j in large.journals)
	assert any(not d.billed for d in large.deliveries)
	assert any(o.per_billed == 0 for o in large.orders)
	payers = {p.customer for p in large.payments}
	assert any(c.name not in payers for c in large.customers), "nobody who never pays"
	both = Counter(c for c, _company in {(i.customer, i.company) for i in large.invoices})
	assert max(both.values()) == 2, "nobody buys from both companies"


def test_general_ledger_balances_and_ties(sample, documents):
	uneven = sample.execute(
		"""
select voucher_no from `tabGL Entry` group by voucher_type, voucher_no
having abs(sum(debit) - sum(credit)) > 0.004"""
	).fetchall()
	assert not uneven
	ledger = ledger_file.ledger(sample)
	for day in (TODAY, TODAY - timedelta(days=200), date(2020, 1, 1)):
		for company in documents.companies:
			ties = ledger.reconcile(Scope((company.name,)), day)
			assert not [key for key, tie in ties.items() if tie.difference]


def test_settled_invoices_leave_nothing_in_company_currency(sample):
	rows = sample.execute(
		"""
select against_voucher_no, sum(amount) from `tabPayment Ledger Entry`
where delinked = 0 and against_voucher_type = 'Sales Invoice'
group by against_voucher_no, account
having abs(sum(amount_in_account_currency)) < 0.005 and abs(sum(amount)) > 0.005"""
	).fetchall()
	assert not rows


def test_impossible_sizes_are_refused():
	with pytest.raises(ValueError, match="at least one customer"):
		generate(1, TODAY, 0)


def test_one_customer_is_enough(tmp_path):
	documents = generate(2, TODAY, 1)
	assert write(tmp_path / "one.sqlite", replace(documents, journals=[]))
	assert all(i.amount == i.amount.quantize(Decimal("0.01")) for i in documents.invoices)
