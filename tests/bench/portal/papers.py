"""Statements and confirmations that were sent, without the sending."""

import frappe
from frappe.utils import add_days, getdate, now_datetime

from client_ledger.core.money import ZERO
from client_ledger.site.contacts import read_customers
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CUSTOMER_STATEMENT
from client_ledger.statement_runs import files, planning, statement_rows
from client_ledger.statement_runs.on_demand import TERMS, AskedStatement
from client_ledger.statement_runs.statement_notices import figures_of
from tests.bench.portal.setting import COMPANY


def sent_statement(customer: str, company: str = COMPANY, with_files: bool = True) -> str:
	"""Return a statement of a customer as it stands once it was sent."""
	asked = AskedStatement(company, getdate())
	row = asked.row(read_customers([customer])[customer])
	now = now_datetime()
	planning.insert([row], {row.name: ZERO}, True, now)
	figures = figures_of(row, TERMS)
	made = []
	if with_files:
		made = [files._store(row.name, "xlsx", figures.file_name("xlsx"), files.workbook(figures))]
	statement_rows.keep(row, figures, "en", made, now)
	frappe.db.set_value(CUSTOMER_STATEMENT, row.name, {"status": "Sent", "sent_on": now})
	return row.name


def sent_confirmation(customer: str, company: str = COMPANY) -> str:
	"""Return a balance confirmation that waits for its answer."""
	doc = frappe.new_doc(BALANCE_CONFIRMATION)
	doc.update(
		{
			"name": f"portal-{frappe.scrub(customer)}-{frappe.generate_hash(length=6)}",
			"customer": customer,
			"company": company,
			"currency": "USD",
			"as_of": getdate(),
			"form": "Reply Either Way",
			"status": "Awaiting Reply",
			"reply_by": getdate(add_days(getdate(), 14)),
			"confirmation_key": frappe.generate_hash(),
		}
	)
	doc.db_insert()
	return doc.name
