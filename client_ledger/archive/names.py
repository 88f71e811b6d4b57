"""Names that change: an entry says what its customer was called then, and the chain has on record what it is called now."""

import frappe

from client_ledger.archive.keep import keep
from client_ledger.core.archive.entry import RENAME
from client_ledger.site.doctypes import LEDGER_ARCHIVE


def keep_renamed(doctype: str, old: str, new: str, merge: bool = False) -> None:
	"""Keep that a customer or company was renamed or merged, in the archive of each company that has entries of it."""
	field = {"Customer": "customer", "Company": "company"}[doctype]
	# Frappe has written the new name into the entries already.
	companies = frappe.get_all(
		LEDGER_ARCHIVE, {field: new}, pluck="company", distinct=True, order_by="company"
	)
	for company in companies:
		keep(
			RENAME,
			company,
			doctype,
			new,
			customer=new if doctype == "Customer" else None,
			figures={"doctype": doctype, "old": old, "new": new, "merge": bool(merge)},
			version=frappe.generate_hash(length=10),
		)
