"""Whom findings are about: the people they name, and those who made the documents they list."""

from collections.abc import Iterable, Mapping

import frappe

from client_ledger.core.controls.control import ControlFinding
from client_ledger.core.entries import Voucher
from client_ledger.ledger.database import chunks

# Records that everybody uses: who made one has not made what is found about it.
MASTERS = frozenset({"Account", "Company", "Customer", "Employee", "Procedure", "Backup Check", "User"})


def makers_of(findings: Iterable[ControlFinding]) -> dict[Voucher, str]:
	"""Return who made each document of findings; masters, and what is no DocType of this site, are left out."""
	by_doctype: dict[str, set[str]] = {}
	for one in findings:
		for voucher in one.documents:
			if voucher.doctype not in MASTERS:
				by_doctype.setdefault(voucher.doctype, set()).add(voucher.name)
	found: dict[Voucher, str] = {}
	for doctype in existing(by_doctype):
		table = frappe.qb.DocType(doctype)
		for part in chunks(sorted(by_doctype[doctype])):
			rows = frappe.qb.from_(table).select(table.name, table.owner).where(table.name.isin(part)).run()
			found.update({Voucher(doctype, name): owner for name, owner in rows})
	return found


def people_of(finding: ControlFinding, makers: Mapping[Voucher, str]) -> list[str]:
	"""Return whom a finding is about, the person it names first."""
	named = [finding.person, *(makers.get(voucher, "") for voucher in finding.documents)]
	return list(dict.fromkeys(filter(None, named)))


def existing(doctypes: Iterable[str]) -> list[str]:
	"""Return those of *doctypes* that this site has."""
	return frappe.get_all("DocType", {"name": ("in", sorted(set(doctypes)))}, pluck="name", order_by="name")
