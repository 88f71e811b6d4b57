"""Documents that are shared: what each share lets do, as long as the document can still be changed or submitted."""

from collections.abc import Iterable

import frappe
from frappe import _dict
from frappe.model.document import Document
from frappe.utils import cint

from client_ledger.core.duties.rights import SharedDocument
from client_ledger.ledger.database import chunks

# Rights that a share may give.
SHARED = ("read", "write", "submit", "share")
# Fields that say what a document is about, by the DocType they name.
ABOUT = {"Company": "company", "Customer": "customer"}


def read_shares(doctypes: list[str], users: list[str] | None) -> list[SharedDocument]:
	"""Return the documents that are shared with *users* (None: with anybody), or with everybody."""
	rows = frappe.get_all(
		"DocShare",
		filters={"share_doctype": ("in", doctypes)},
		or_filters=None if users is None else {"user": ("in", users), "everyone": 1},
		fields=["share_doctype", "share_name", "user", "everyone", *SHARED],
		order_by="share_doctype, share_name",
	)
	rows = [row for row in rows if (cint(row.everyone) or row.user) and not is_of_oneself(row)]
	documents = {
		doctype: _documents(doctype, {row.share_name for row in rows if row.share_doctype == doctype})
		for doctype in {row.share_doctype for row in rows}
	}
	return [
		_shared(row, documents[row.share_doctype][row.share_name])
		for row in rows
		if row.share_name in documents[row.share_doctype]
	]


def is_of_oneself(share: _dict | Document) -> bool:
	"""Return whether a share is the one by which everybody keeps their own name and picture: it opens no roles."""
	return share.share_doctype == "User" and share.share_name == share.user and not cint(share.everyone)


def _documents(doctype: str, names: Iterable[str]) -> dict[str, _dict]:
	meta = frappe.get_meta(doctype)
	if meta.issingle:
		return {}
	fields = [field for field in (*ABOUT.values(), "party_type", "party") if meta.has_field(field)]
	found: dict[str, _dict] = {}
	for part in chunks(sorted(names)):
		rows = frappe.get_all(
			doctype, {"name": ("in", part)}, ["name", "docstatus", *fields], order_by="name"
		)
		found.update({str(row.name): row for row in rows})
	return found


def _shared(share: _dict, document: _dict) -> SharedDocument:
	rights = {right for right in SHARED if cint(share[right])}
	# What is submitted is not submitted again, and what is cancelled not changed.
	if document.docstatus:
		rights.discard("submit")
	if document.docstatus == 2:
		rights.discard("write")
	about = {doctype: document.get(field) for doctype, field in ABOUT.items()}
	if document.get("party_type") and document.get("party"):
		about[document.party_type] = document.party
	return SharedDocument(
		share.share_doctype,
		share.share_name,
		"" if cint(share.everyone) else share.user or "",
		frozenset(rights),
		tuple(sorted((doctype, frozenset({name})) for doctype, name in about.items() if name)),
	)
