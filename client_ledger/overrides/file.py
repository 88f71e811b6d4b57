"""File: none leads to the archive's files, which are read through their entry and would be deleted with such a File."""

import frappe
from frappe import _
from frappe.model.document import Document

from client_ledger.archive.files import FOLDER


def validate(doc: Document, method: str | None = None) -> None:
	"""Refuse a File whose address is in the archive's folder."""
	if f"/{'/'.join(FOLDER)}/" in f"/{(doc.file_url or '').lstrip('/')}":
		frappe.throw(
			_("Files of the Ledger Archive are read through their entry alone."), frappe.PermissionError
		)
