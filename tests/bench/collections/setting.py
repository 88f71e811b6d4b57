"""Customers who owe, and a clock that can be set: the story of a customer takes weeks."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, get_datetime, get_system_timezone, getdate, nowdate
from freezegun import freeze_time

from client_ledger.accounts.refresh import refresh_customers
from client_ledger.collections import account_sync
from client_ledger.collections.items import open_items
from client_ledger.collections.spoken_for import SpokenFor
from client_ledger.core.dunning.plan import Claim
from tests.bench import factories as f
from tests.bench.accounts import account
from tests.bench.dunning.setting import make_debtor

COMPANY = f.COMPANY
REASON = "Price or Discount Not as Agreed"


@contextmanager
def on(day: str, hour: int = 10) -> Iterator[None]:
	"""Live on a day, at an hour by the site's clock."""
	local = get_datetime(f"{day} {hour:02d}:00:00").replace(tzinfo=ZoneInfo(get_system_timezone()))
	with freeze_time(local.astimezone(ZoneInfo("UTC")), tick=True):
		yield


def ago(days: int) -> str:
	return add_days(nowdate(), -days)


def overdue(name: str, *amounts: float, days: int = 20) -> list[Document]:
	"""A customer with an invoice for each amount, overdue by *days*; the invoices."""
	make_debtor(name)
	invoices = [f.make_invoice(name, amount, ago(days + 30), due_date=ago(days)) for amount in amounts]
	refreshed(name)
	return invoices


def refreshed(*names: str) -> None:
	"""Bring accounts to today, as the jobs do."""
	assert not refresh_customers(list(names))
	account_sync.sync_accounts(list(names))


def row(invoice: Document, amount: float | None = None) -> dict:
	return {"voucher_type": "Sales Invoice", "voucher_no": invoice.name, "amount": amount}


def of(name: str) -> "frappe._dict":
	"""The customer's account."""
	return account(name)


def claims(name: str) -> list[Claim]:
	"""Return why what a customer has open is not dunned."""
	return SpokenFor.of([name], getdate()).claims(open_items(name, COMPANY))


def reconcile(name: str) -> None:
	"""Set what is on account against what is open, with ERPNext's Payment Reconciliation."""
	tool = frappe.get_doc("Payment Reconciliation")
	tool.update({"company": COMPANY, "party_type": "Customer", "party": name})
	tool.receivable_payable_account = f.make_receivable(COMPANY)
	tool.get_unreconciled_entries()
	tool.allocate_entries(
		{
			"payments": [row.as_dict() for row in tool.payments],
			"invoices": [row.as_dict() for row in tool.invoices],
		}
	)
	tool.reconcile()
