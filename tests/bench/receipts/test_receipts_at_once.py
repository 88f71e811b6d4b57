"""Two who apply at once: what both want is allocated once, and nothing waits for ever or is half done."""

import multiprocessing
import os

import frappe
import pytest

from client_ledger.receipts import proposals
from client_ledger.site.one_by_one import try_each
from tests.bench.receipts.setting import COMPANY, deposit, outstanding, owing, stored

pytestmark = pytest.mark.every_version

# Forked, for starting one anew takes seconds.
PROCESSES = multiprocessing.get_context("fork")
WORKERS, DONE, REFUSED = 3, 10, 20


@pytest.fixture(scope="module", autouse=True)
def books(scratch_site, kept_schema):
	yield


def work(site: str, name: str, together) -> None:
	"""Apply a proposal as a worker of its own; end with DONE or REFUSED."""
	parents = frappe.local.db
	if hasattr(frappe, "in_test"):
		frappe.in_test = False
	frappe.init(site=site, sites_path=os.environ["SITES_PATH"], force=True)
	frappe.connect()
	assert frappe.local.db is not parents
	frappe.set_user("Administrator")
	from client_ledger.receipts import applying

	together.wait(60)
	((_name, tried),) = try_each([name], applying.apply, "Receipt Proposal")
	frappe.db.close()
	os._exit(DONE if tried.result else REFUSED)


def at_once(names: list[str]) -> list[int]:
	site, together = frappe.local.site, PROCESSES.Barrier(len(names))
	frappe.db.commit()
	workers = [PROCESSES.Process(target=work, args=(site, name, together)) for name in names]
	for worker in workers:
		worker.start()
	for worker in workers:
		worker.join(200)
	frappe.db.rollback()
	return sorted(worker.exitcode for worker in workers)


def test_one_proposal_applied_by_several_at_once_pays_once():
	(invoice,) = owing("Receipt Raced", 66)
	money = deposit(66, invoice.name)
	proposals.refresh(COMPANY)
	assert at_once([stored(money).name] * WORKERS) == [DONE, *[REFUSED] * (WORKERS - 1)]
	assert outstanding(invoice) == [0]
	paid = frappe.get_all("Payment Entry Reference", {"reference_name": invoice.name, "docstatus": 1})
	assert len(paid) == 1
	money.reload()
	assert len(money.payment_entries) == 1
	assert stored(money).status == "Applied"


def test_two_receipts_of_one_invoice_do_not_both_pay_it():
	(invoice,) = owing("Receipt Raced Twice", 300)
	first, second = deposit(299.5, invoice.name, days=1), deposit(299.5, invoice.name)
	proposals.refresh(COMPANY)
	from client_ledger.receipts import choosing

	term = {
		"voucher_type": "Sales Invoice",
		"voucher_no": invoice.name,
		"payment_term": None,
		"amount": 299.5,
	}
	for money in (first, second):
		choosing.choose(stored(money).name, "Receipt Raced Twice", [term])
	assert at_once([stored(first).name, stored(second).name]) == [DONE, REFUSED]
	assert outstanding(invoice) == [0.5]
	assert sorted(stored(money).status for money in (first, second)) == ["Applied", "Proposed"]
