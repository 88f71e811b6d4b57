"""Refreshing with real commits: two workers at once, a worker killed half-way, one customer that fails, the night."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_days, add_months, now_datetime, nowdate
from frappe.utils.background_jobs import get_job, is_job_enqueued

from client_ledger import tasks
from client_ledger.accounts import nightly, refresh, store
from client_ledger.accounts.rebuild import rebuild
from client_ledger.site import refresh_queue
from tests.bench import factories as f
from tests.bench.accounts import account, check

CHECKOUT = Path(__file__).resolve().parents[2]
CUSTOMERS = [f"Refresh {i}" for i in range(6)]

WORKER = """
import frappe, os, sys, time
frappe.init(site=sys.argv[1], sites_path=os.environ["SITES_PATH"])
frappe.connect()
from client_ledger.accounts import refresh, store
"""
KILLED_AFTER_WRITING = f"""{WORKER}
refresh.BATCH = 2
batches, write_rows = [], store.write_rows
def write_and_die(writes):
	missed = write_rows(writes)
	batches.append(1)
	if len(batches) == 2:
		os.kill(os.getpid(), 9)
	return missed
refresh.write_rows = write_and_die
refresh.refresh_stale_customers()
"""
REFRESHING_FOR_A_WHILE = f"""{WORKER}
end = time.time() + float(sys.argv[2])
while time.time() < end:
	failed = refresh.refresh_stale_customers()
	assert not failed, failed
	frappe.db.commit()
	time.sleep(0.02)
"""
INVOICE_AND_REFRESH = f"""{WORKER}
frappe.set_user("Administrator")
from tests.bench import factories as f
f.make_invoice(sys.argv[2], 40)
frappe.db.commit()
assert not refresh.refresh_stale_customers()
frappe.db.commit()
"""


@pytest.fixture(scope="module", autouse=True)
def ledger(scratch_site, kept_schema):
	"""Six customers with an invoice of 100 each, their accounts fresh."""
	f.make_company()
	for name in CUSTOMERS:
		f.make_invoice(f.make_customer(name).name, 100, add_days(nowdate(), -40))
	frappe.db.commit()
	rebuild()
	assert not refresh_queue.stale_customers(1)


@pytest.fixture(autouse=True)
def clean(ledger, scratch_site):
	yield
	frappe.db.rollback()
	assert not refresh.refresh_stale_customers()
	findings = check()
	assert findings.compared >= len(CUSTOMERS)
	assert (findings.mismatches, findings.missing, findings.untied) == ([], [], [])


def start(code: str, *arguments: str) -> subprocess.Popen:
	environment = {**os.environ, "PYTHONPATH": f"{CHECKOUT}:{os.environ.get('PYTHONPATH', '')}"}
	return subprocess.Popen(
		[sys.executable, "-W", "ignore", "-c", code, frappe.local.site, *arguments],
		env=environment,
		cwd=os.environ["SITES_PATH"],
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
	)


def finish(worker: subprocess.Popen) -> None:
	output, _none = worker.communicate(timeout=300)
	assert worker.returncode == 0, output
	frappe.db.rollback()  # see what it committed


def pay(customers: list[str], amount: float = 1) -> None:
	for customer in customers:
		f.make_payment(customer, amount, nowdate())
	frappe.db.commit()


class TestWorkers:
	def test_two_workers_while_vouchers_come_in(self):
		workers = [start(REFRESHING_FOR_A_WHILE, "25") for _ in range(2)]
		end = time.time() + 22
		vouchers = 0
		while time.time() < end:
			pay([CUSTOMERS[vouchers % len(CUSTOMERS)]])
			vouchers += 1
		for worker in workers:
			finish(worker)
		assert vouchers > len(CUSTOMERS)
		print(f"{vouchers} vouchers while two workers refreshed")

	def test_figures_read_before_a_voucher_never_replace_those_read_after_it(self, monkeypatch):
		customer = CUSTOMERS[0]
		before = account(customer).balance
		refresh_queue.mark_stale([customer])
		frappe.db.commit()
		read_accounts = refresh.read_accounts

		def read_then_be_overtaken(source, customers):
			figures = read_accounts(source, customers)
			finish_without_rollback(start(INVOICE_AND_REFRESH, customer))
			return figures

		def finish_without_rollback(worker):
			output, _none = worker.communicate(timeout=120)
			assert worker.returncode == 0, output

		with monkeypatch.context() as patch:
			patch.setattr(refresh, "read_accounts", read_then_be_overtaken)
			assert not refresh.refresh_customers([customer])
		assert account(customer).balance == before + 40

	def test_a_worker_killed_half_way_loses_nothing(self):
		pay(CUSTOMERS)
		worker = start(KILLED_AFTER_WRITING)
		worker.communicate(timeout=120)
		assert worker.returncode == -9
		frappe.db.rollback()
		left = set(refresh_queue.stale_customers(100))
		assert len(left) == len(CUSTOMERS) - 2
		tasks.catch_up()
		assert not refresh_queue.stale_customers(100)

	def test_one_that_fails_is_named_and_the_others_go_on(self, monkeypatch):
		failing = CUSTOMERS[2]
		pay(CUSTOMERS)
		read_accounts = refresh.read_accounts

		def read(source, customers):
			if failing in customers:
				raise ValueError("a ledger that cannot be read")
			return read_accounts(source, customers)

		with monkeypatch.context() as patch:
			patch.setattr(refresh, "read_accounts", read)
			assert refresh.refresh_stale_customers() == {failing}
		assert refresh_queue.stale_customers(100) == [failing]
		logged = frappe.get_all(
			"Error Log", {"reference_doctype": "Customer", "reference_name": failing}, ["method", "error"]
		)
		assert failing in logged[0].method and "cannot be read" in logged[0].error
		tasks.catch_up()
		assert not refresh_queue.stale_customers(100)


class TestQueue:
	@pytest.fixture(autouse=True)
	def own_turn(self, ledger):
		refresh_queue.new_refresh_token()
		yield
		for job_id in self.queued:
			if job := get_job(job_id):
				job.delete()
		refresh_queue.new_refresh_token()

	@property
	def job_id(self) -> str:
		return f"client_ledger_refresh_{frappe.cache.get_value(refresh_queue._TOKEN, expires=True)}"

	def test_one_job_for_many_vouchers_and_another_once_it_has_started(self):
		self.queued = [self.job_id]
		assert not is_job_enqueued(self.queued[0])
		pay([CUSTOMERS[0]])
		assert is_job_enqueued(self.queued[0])
		enqueued_at = get_job(self.queued[0]).enqueued_at
		pay([CUSTOMERS[1]])
		assert get_job(self.queued[0]).enqueued_at == enqueued_at
		refresh_queue.new_refresh_token()  # the job starts, and may have read its marks already
		self.queued.append(self.job_id)
		pay([CUSTOMERS[2]])
		assert is_job_enqueued(self.queued[1])

	def test_nothing_is_queued_for_what_was_rolled_back(self):
		self.queued = [self.job_id]
		f.make_payment(CUSTOMERS[0], 1, nowdate())
		frappe.db.rollback()
		frappe.db.commit()
		assert not is_job_enqueued(self.queued[0])
		assert not refresh_queue.stale_customers(1)

	def test_a_submit_waits_for_no_refresh(self):
		self.queued = [self.job_id]
		modified = account(CUSTOMERS[0]).modified
		pay([CUSTOMERS[0]])
		assert account(CUSTOMERS[0]).modified == modified


class TestNight:
	@pytest.fixture
	def night(self, monkeypatch):
		"""Return a function that lets the nightly job run so many days from now."""
		nightly.refresh_all_accounts()

		def run_night(days: int) -> dict[str, int]:
			def later():
				return now_datetime() + timedelta(days=days)

			with monkeypatch.context() as patch:
				patch.setattr(nightly, "now_datetime", later)
				patch.setattr(refresh, "now_datetime", later)
				patch.setattr(store, "now_datetime", later)
				return nightly.refresh_all_accounts()

		yield run_night
		rebuild()

	def test_nothing_is_written_when_nothing_changed(self, night):
		done = night(0)
		assert (done["written"], done["reread"], done["segments"], done["failed"]) == (0, 0, 0, 0)
		assert done["accounts"] >= len(CUSTOMERS)

	def test_ageing_moves_on_without_reading_history(self, night):
		customer = f.make_customer("Refresh Ageing").name
		f.make_invoice(customer, 100, nowdate(), due_date=add_days(nowdate(), 3))
		frappe.db.commit()
		refresh.refresh_stale_customers()
		assert account(customer).payment_status == "Open"
		done = night(5)
		row = account(customer)
		assert (row.payment_status, row.oldest_overdue_days, row.bucket_1) == ("Overdue", 2, 100)
		assert done["written"] >= 1
		assert row.refreshed_on < now_datetime()

	def test_what_no_event_announced_is_corrected(self, night):
		customer = CUSTOMERS[3]
		frappe.db.set_value(
			"Client Account",
			account(customer).name,
			{"balance": 1, "overdue": 2, "payment_status": "Paid Up"},
		)
		frappe.db.commit()
		assert night(0)["reread"] == 1
		assert account(customer).balance != 1

	def test_an_invoice_written_past_the_events_is_found_by_its_time(self, night):
		customer = CUSTOMERS[4]
		invoice = frappe.get_last_doc("Sales Invoice", {"customer": customer, "docstatus": 1})
		frappe.db.set_value(
			"Client Account", account(customer).name, "last_invoice_date", None, update_modified=False
		)
		frappe.db.set_value("Sales Invoice", invoice.name, "remarks", "touched")
		frappe.db.commit()
		assert night(0)["reread"] == 1
		assert account(customer).last_invoice_date == invoice.posting_date

	@pytest.mark.parametrize(("doctype", "field"), nightly.LEDGER_DOCTYPES)
	def test_what_changed_is_found_by_an_index(self, doctype, field):
		query = nightly.last_changes(doctype, field, now_datetime() + timedelta(days=1))
		(plan,) = frappe.db.sql(f"explain {query.get_sql()}", as_dict=True)
		# Which of them is best, depends on what the tables hold.
		assert plan.type in ("range", "ref") and "modified" in plan.possible_keys, plan

	def test_a_settlement_leaves_the_window_of_its_average(self, night):
		customer = f.make_customer("Refresh Window").name
		paid_on = add_days(add_months(nowdate(), -12), 1)
		invoice = f.make_invoice(customer, 100, add_days(paid_on, -50))
		f.make_payment(customer, 100, paid_on, against=[(invoice, 100)])
		frappe.db.commit()
		refresh.refresh_stale_customers()
		assert account(customer).settled_invoices == 1
		night(0)
		night(3)
		assert account(customer).settled_invoices == 0

	def test_a_row_is_made_where_one_is_missing_and_deleted_where_the_customer_is_gone(self, night):
		gone, missing = "Refresh Gone", CUSTOMERS[5]
		f.make_order(f.make_customer(gone).name, 10, nowdate())
		frappe.db.commit()
		refresh.refresh_stale_customers()
		frappe.db.delete("Sales Order", {"customer": gone})
		frappe.db.delete("Customer", {"name": gone})
		frappe.db.delete("Client Account", {"customer": missing})
		frappe.db.commit()
		done = night(0)
		assert (done["deleted"], account(gone)) == (1, None)
		assert account(missing).balance > 0

	def test_classes_are_by_share_of_sales(self, night):
		customer = f.make_customer("Refresh Large").name
		f.make_invoice(customer, 100_000, nowdate())
		frappe.db.commit()
		refresh.refresh_stale_customers()
		assert account(customer).volume_segment == ""
		night(0)
		assert account(customer).volume_segment == "A"
		assert account(CUSTOMERS[0]).volume_segment == "C"


class TestCommands:
	def bench(self, *arguments: str) -> subprocess.CompletedProcess:
		return subprocess.run(
			[
				*(sys.executable, "-W", "ignore", "-m", "frappe.utils.bench_helper", "frappe"),
				*("--site", frappe.local.site, "client-ledger", *arguments),
			],
			cwd=os.environ["SITES_PATH"],
			capture_output=True,
			text=True,
			timeout=300,
		)

	def test_rebuild_makes_everything_from_nothing(self):
		frappe.db.delete("Client Account")
		frappe.db.commit()
		done = self.bench("rebuild")
		assert done.returncode == 0, done.stderr
		frappe.db.rollback()
		assert all(account(name) for name in CUSTOMERS)

	def test_verify_finds_nothing_on_a_sound_site(self):
		done = self.bench("verify")
		assert done.returncode == 0, done.stdout + done.stderr
		assert "0 figures differ" in done.stdout

	def test_verify_names_what_is_wrong(self):
		customer = CUSTOMERS[1]
		frappe.db.set_value("Client Account", account(customer).name, "balance", 12345)
		entry = frappe.get_last_doc("GL Entry", {"party": customer, "voucher_type": "Sales Invoice"})
		frappe.db.set_value("GL Entry", entry.name, "is_cancelled", 1)
		frappe.db.commit()
		done = self.bench("verify", "--customer", customer)
		assert done.returncode == 1
		assert f"{customer} | {f.COMPANY}: balance is 12345" in done.stdout
		assert f"Sales Invoice {entry.voucher_no}" in done.stdout
		frappe.db.set_value("GL Entry", entry.name, "is_cancelled", 0)
		frappe.db.commit()
		rebuild([customer])

	def test_an_unknown_customer_is_an_error(self):
		done = self.bench("verify", "--customer", "No Such Customer")
		assert done.returncode != 0
		assert "No Such Customer" in done.stderr
