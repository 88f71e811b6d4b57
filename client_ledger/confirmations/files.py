"""Private files of confirmations and replies: letters, and ledgers that customers upload."""

from pathlib import Path

import frappe


def store_file(doctype: str, name: str, field: str, file_name: str, content: bytes) -> str:
	"""Store a private file attached to a document; return its address. Raises OSError where the disk takes no more."""
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": file_name,
			"is_private": 1,
			"content": content,
			"attached_to_doctype": doctype,
			"attached_to_name": name,
			"attached_to_field": field,
		}
	)
	file.flags.ignore_permissions = True
	file.insert()
	return file.file_url


def file_document(doctype: str, name: str, url: str) -> "frappe.model.document.Document":
	"""Return the File of an address, of this document alone. Raises frappe.DoesNotExistError."""
	return frappe.get_doc("File", {"attached_to_doctype": doctype, "attached_to_name": name, "file_url": url})


def path_of(doctype: str, name: str, url: str) -> Path:
	"""Return the path of a document's file."""
	return Path(file_document(doctype, name, url).get_full_path())


def read_file(doctype: str, name: str, url: str) -> tuple[str, bytes]:
	"""Return a document's file: (name, content)."""
	file = file_document(doctype, name, url)
	# Not File.get_content: on version 16 it takes bytes for a text in some code page where they could be one.
	return file.file_name, Path(file.get_full_path()).read_bytes()


def delete_file(doctype: str, name: str, url: str) -> None:
	"""Delete a file of a letter that did not leave."""
	for file in frappe.get_all(
		"File",
		{"attached_to_doctype": doctype, "attached_to_name": name, "file_url": url},
		pluck="name",
		order_by="name",
	):
		frappe.delete_doc("File", file, force=True, ignore_permissions=True, ignore_missing=True)
