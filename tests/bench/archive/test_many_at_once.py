"""Some who submit at once while entries are chained: none waits for the chain, none is lost, each is in it once.

CLIENT_LEDGER_AT_ONCE chooses how many submit at once.
"""

import json
import multiprocessing
import os
import time

import frappe
import pytest
from frappe.client import bulk_update
from frappe.desk.reportview import delete_bulk

from client_ledger.archive import chain
from tests.bench import factories as f
from tests.bench.archive.setting import COMPANY, empty, kinds_found

SUBMITTERS, INVOICES, CHAINERS = int(os.environ.get("CLIENT_LEDGER_AT_ONCE", "3")), 2, 2
# Forked, for starting one anew takes seconds.
PROCESSES = multiprocessing.get_context("fork")


@pytest.fixture(scope="module", autouse=True)
def books(scratch_site, kept_schema):
	empty()
	for number in range(SUBMITTERS):
		f.make_invoice(f.make_customer(f"At Once {number}").name, 10, company=COMPANY)
	frappe.db.commit()


def work(site: str, number: int) -> None:
	# The parent's connection is kept here, unused, for closing it would end it over there too.
	parents = frappe.local.db
	if hasattr(frappe, "in_test"):
		frappe.in_test = False
	frappe.init(site=site, sites_path=os.environ["SITES_PATH"], force=True)
	frappe.connect()
	assert frappe.local.db is not parents
	frappe.set_user("Administrator")
	if number == SUBMITTERS:
		for _round in range(40):
			chain.chain_company(COMPANY)
	else:
		for _invoice in range(INVOICES):
			f.make_invoice(f"At Once {number}", 10, company=COMPANY)
			frappe.db.commit()
	frappe.db.close()
	os._exit(0)


def test_submits_do_not_wait_for_the_chain():
	site = frappe.local.site
	frappe.db.commit()
	workers = [PROCESSES.Process(target=work, args=(site, number)) for number in range(SUBMITTERS)]
	workers += [PROCESSES.Process(target=work, args=(site, SUBMITTERS)) for _chainer in range(CHAINERS)]
	for worker in workers:
		worker.start()
	for worker in workers:
		worker.join(300)
	assert [worker.exitcode for worker in workers] == [0] * len(workers)
	frappe.db.rollback()
	chain.chain_company(COMPANY)
	wanted = SUBMITTERS * (INVOICES + 1)
	assert frappe.db.count("Sales Invoice", {"company": COMPANY, "docstatus": 1}) == wanted
	rows = frappe.get_all("Ledger Archive", {"company": COMPANY}, ["sequence", "reference_name"])
	assert sorted(row.sequence for row in rows) == list(range(1, wanted + 1))
	assert len({row.reference_name for row in rows}) == wanted
	assert kinds_found() == set()


def test_the_lock_of_a_chain_holds_nobody_up():
	"""A chain that somebody holds: submits go on, and are chained later."""
	chain.lock_head(COMPANY)
	worker = PROCESSES.Process(target=work, args=(frappe.local.site, 0))
	began = time.monotonic()
	worker.start()
	worker.join(100)
	assert worker.exitcode == 0 and time.monotonic() - began < 60
	frappe.db.rollback()
	assert chain.chain_company(COMPANY) == INVOICES


def test_changes_of_many_at_once_are_refused():
	"""These roll back and commit by themselves."""
	name = frappe.db.get_value("Ledger Archive", {"company": COMPANY, "sequence": 1})
	docs = [{"doctype": "Ledger Archive", "docname": name, "kind": "x"}]
	assert len(bulk_update(json.dumps(docs))["failed_docs"]) == 1
	delete_bulk("Ledger Archive", [name])
	frappe.clear_messages()
	assert frappe.db.get_value("Ledger Archive", name, "kind") == "Invoice"
	assert kinds_found() == set()
