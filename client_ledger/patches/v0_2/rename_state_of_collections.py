"""Promises, instalments, disputes and cases have a `status`, as other documents of Frappe; they had a `state`."""

from client_ledger.patches.renames import rename_field

DOCTYPES = ("Promise to Pay", "Promise Instalment", "Ledger Dispute", "Escalation Case")


def execute() -> None:
	for doctype in DOCTYPES:
		rename_field(doctype, "state", "status")
