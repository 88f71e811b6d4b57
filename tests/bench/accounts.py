"""Helpers of the tests on client accounts: work marks off, fetch a row, compare rows with the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.utils import getdate

from client_ledger.accounts.compute import FigureSource
from client_ledger.accounts.rebuild import customers_to_rebuild
from client_ledger.accounts.refresh import refresh_stale_customers
from client_ledger.accounts.verify import Findings, check_accounts
from client_ledger.site.doctypes import REFRESH_MARK
from client_ledger.site.refresh_queue import write_marks
from tests.bench import factories as f


def marked() -> set[str]:
	"""Return the customers that are marked now; what waits for the commit is written."""
	write_marks()
	return set(frappe.get_all(REFRESH_MARK, pluck="customer"))


@contextmanager
def refused(error: type[Exception] = frappe.ValidationError, match: str | None = None) -> Iterator[None]:
	"""Expect *error*, and take back what was written before it, as the end of a failed request does."""
	frappe.db.savepoint("refused")
	with pytest.raises(error, match=match):
		yield
	frappe.db.rollback(save_point="refused")


def refresh() -> set[str]:
	"""Work all marks off, as the job would after the commit; return the customers that failed."""
	write_marks()
	return refresh_stale_customers()


def account(customer: str, company: str = f.COMPANY) -> frappe._dict | None:
	"""Return the stored row of a customer and company."""
	return frappe.db.get_value(
		"Client Account", {"customer": customer, "company": company}, "*", as_dict=True
	)


def check(customers: list[str] | None = None) -> Findings:
	"""Compare accounts (default: all) with a fresh computation."""
	source = FigureSource.of_site(getdate())
	return check_accounts(source, customers_to_rebuild(source) if customers is None else customers)
