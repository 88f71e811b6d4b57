"""Company: its accounts, notices, runs and payment pattern go with it."""

import frappe
from frappe.model.document import Document

from client_ledger.accounts.store import ACCOUNT
from client_ledger.collections import deletion
from client_ledger.credit.grades.expected import PATTERN
from client_ledger.dunning.states import BLOCK, ITEM, NOTICE, RUN


def on_trash(doc: Document, method: str | None = None) -> None:
	"""There may be one account per customer: they go in one statement."""
	for doctype in (ACCOUNT, PATTERN):
		frappe.db.delete(doctype, {"company": doc.name})
	names = frappe.get_all(NOTICE, {"company": doc.name}, pluck="name", order_by="name")
	if names:
		frappe.db.delete(ITEM, {"parent": ("in", names)})
	for doctype, field in ((NOTICE, "company"), (RUN, "company"), (BLOCK, "for_company")):
		frappe.db.delete(doctype, {field: doc.name})
	deletion.delete_of({"company": doc.name})
