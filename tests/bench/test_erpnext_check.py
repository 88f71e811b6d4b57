"""ERPNext's own credit limit while a document that passed our check is submitted: suspended in memory, never written. Real commits."""

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import frappe
import pytest
from frappe.model.document import Document

from client_ledger.credit.check import erpnext_check
from client_ledger.credit.check.check import CreditHoldError
from tests.bench import factories as f
from tests.bench.held import _clean, customer, draft, held, office, release, submit  # noqa: F401

CHECKOUT = Path(__file__).resolve().parents[2]
KINDS = {"Sales Order": f.make_order, "Delivery Note": f.make_delivery, "Sales Invoice": f.make_invoice}


def released(name: str, doctype: str):
	"""A draft over the limit of customer *name*, released from its hold."""
	doc = draft(name, 200, make=lambda n, amount, submit: KINDS[doctype](n, amount, submit=submit))
	release(held(doc))
	return doc


def row_of(name: str) -> dict:
	"""The customer's row of limits as it is committed."""
	frappe.db.rollback()
	return frappe.get_all("Customer Credit Limit", {"parent": name}, ["*"])[0]


@pytest.fixture
def written(monkeypatch):
	"""Statements that write rows of limits."""
	found: list[str] = []
	run = frappe.db.sql

	def sql(query, *args, **kwargs):
		text = str(query)
		if "Customer Credit Limit" in text and not text.lstrip("( \n\t").lower().startswith("select"):
			found.append(text)
		return run(query, *args, **kwargs)

	monkeypatch.setattr(frappe.db, "sql", sql)
	return found


@pytest.mark.parametrize("doctype", KINDS)
def test_a_released_document_passes_and_the_row_is_never_written(doctype, written):
	name = customer(100)
	doc = released(name, doctype)
	before = row_of(name)
	written.clear()
	assert submit(doc).docstatus == 1
	assert row_of(name) == before
	assert not written


@pytest.mark.parametrize("doctype", KINDS)
def test_without_the_suspension_it_is_refused(doctype, monkeypatch):
	monkeypatch.setattr(erpnext_check, "suspend", lambda *args: None)
	name = customer(100)
	doc = released(name, doctype)
	with pytest.raises(frappe.ValidationError, match="redit limit"):
		submit(doc)


def test_a_change_that_adds_nothing_passes_and_writes_nothing(written):
	name = customer(100)
	order = submit(released(name, "Sales Order"))
	before = row_of(name)
	order = frappe.get_doc("Sales Order", order.name)
	written.clear()
	order.po_no = "Their number"
	order.save()
	frappe.db.commit()
	assert row_of(name) == before
	assert not written
	assert erpnext_check.CREDIT_LIMIT not in order.__dict__


def test_a_submit_that_fails_is_checked_again(monkeypatch):
	"""The same object, submitted again in the transaction of the submit that failed."""
	name = customer(100)
	order = frappe.get_doc("Sales Order", released(name, "Sales Order").name)
	frappe.db.savepoint("first")
	with monkeypatch.context() as patch:
		patch.setattr(type(order), "update_reserved_qty", lambda doc: frappe.throw("No stock"))
		with pytest.raises(frappe.ValidationError, match="No stock"):
			order.submit()
	frappe.db.rollback(save_point="first")
	frappe.db.set_value("Credit Hold", {"reference_name": order.name}, "released_amount", 1)
	order.reload()
	with pytest.raises(CreditHoldError):
		order.submit()
	assert erpnext_check.CREDIT_LIMIT not in order.__dict__


class OtherCheck(Document):
	"""A document whose check another app has replaced."""

	def check_credit_limit(self) -> None:
		"""Of another app."""


def test_the_check_of_another_app_goes_on():
	doc = OtherCheck({"doctype": "Sales Order"})
	erpnext_check.suspend(doc, True)
	assert not {erpnext_check.CREDIT_LIMIT, erpnext_check.OVERDUE_LIMIT} & set(doc.__dict__)


def test_a_suspended_document_can_be_queued():
	doc = frappe.get_doc("Sales Order", draft(customer(100), 10).name)
	erpnext_check.suspend(doc)
	again = pickle.loads(pickle.dumps(doc))
	assert again.check_credit_limit() is None
	assert "check_credit_limit" not in again.as_dict()
	erpnext_check.restore(again)
	assert erpnext_check.CREDIT_LIMIT not in again.__dict__


KILLED = """
import frappe, os, signal, sys
frappe.init(site=sys.argv[1], sites_path=os.environ["SITES_PATH"])
frappe.connect()
frappe.set_user("Administrator")
doc = frappe.get_doc(sys.argv[2], sys.argv[3])
def make_killed(name):
	def killed(self, *args, **kwargs):
		os.kill(os.getpid(), signal.SIGKILL)
	setattr(type(doc), name, killed)
make_killed({"Sales Order": "update_project", "Delivery Note": "make_gl_entries", "Sales Invoice": "update_time_sheet"}[doc.doctype])
doc.submit()
frappe.db.commit()
print("submitted")
"""


@pytest.mark.parametrize("doctype", KINDS)
def test_a_worker_killed_in_the_middle_of_a_submit_leaves_the_row_alone(doctype):
	name = customer(100)
	doc = released(name, doctype)
	before = row_of(name)
	ran = subprocess.run(
		[sys.executable, "-c", KILLED, frappe.local.site, doctype, doc.name],
		cwd=os.environ["SITES_PATH"],
		env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
		capture_output=True,
		text=True,
		timeout=300,
	)
	assert ran.returncode == -signal.SIGKILL, (ran.stdout, ran.stderr)
	assert row_of(name) == before
	assert frappe.db.get_value(doctype, doc.name, "docstatus") == 0
	held(draft(name, 300))
	assert submit(doc).docstatus == 1, "its release still holds"
