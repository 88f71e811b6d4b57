"""The files of a statement: PDF and workbook, private, attached to it, so that what went out is kept as it went out."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import frappe
from frappe import _

from client_ledger.core.statements.figures import StatementFigures
from client_ledger.outbox.notice_status import ERROR, Undeliverable
from client_ledger.paper import xlsx
from client_ledger.site.doctypes import CUSTOMER_STATEMENT
from client_ledger.site.language import spoken
from client_ledger.site.messages import filled
from client_ledger.statement_runs.terms import StatementTerms
from client_ledger.statements import printing
from client_ledger.statements.style import site_style


class MadeFile(NamedTuple):
	"""A file of a statement. field: of Customer Statement; fid: the name of its File."""

	field: str
	fid: str
	url: str


def make(
	statement: Mapping[str, Any], figures: StatementFigures, language: str, terms: StatementTerms
) -> list[MadeFile]:
	"""Make the files that the terms ask for, in *language*.

	Raises Undeliverable where the site cannot make them, or its disk is full; the message is tried again later.
	"""
	with spoken(language):
		try:
			return [
				_store(statement["name"], field, figures.file_name(field), content)
				for field, content in _contents(statement, figures, terms)
			]
		except OSError as error:
			raise Undeliverable(
				ERROR,
				filled(
					_("The file of the statement could not be written ({0}). Check the disk of the server."),
					error.strerror or str(error),
				),
			) from error
		except frappe.ValidationError as error:
			raise Undeliverable(ERROR, str(error)) from error


def _contents(
	statement: Mapping[str, Any], figures: StatementFigures, terms: StatementTerms
) -> Iterable[tuple[str, bytes]]:
	if terms.attach_pdf:
		yield "pdf", pdf(statement["name"], figures, terms.print_format)
	if terms.attach_xlsx:
		yield "xlsx", workbook(figures)


def pdf(statement: str, figures: StatementFigures, print_format: str | None = None) -> bytes:
	"""Return the PDF of a statement in the language spoken now: of the company's own print format, or the standard one.

	Raises frappe.ValidationError as `printing.pdf_file` does, and where the print format is gone.
	"""
	if not print_format:
		return printing.pdf_file(figures)
	if not in_use(print_format):
		frappe.throw(
			filled(
				_(
					"The print format {0} is disabled or no longer there. Select another one in the Statement Schedule."
				),
				print_format,
			)
		)
	doc = frappe.get_doc(CUSTOMER_STATEMENT, statement)
	doc.figures, doc.content_hash = figures.to_json(), figures.content_hash()
	try:
		return frappe.get_print(CUSTOMER_STATEMENT, doc.name, print_format, doc=doc, as_pdf=True)
	except OSError as error:
		printing.throw_not_converted(error)


def in_use(print_format: str) -> bool:
	"""Return whether a print format is there and for statements; without it Frappe would print every field of the form."""
	return bool(
		frappe.db.exists(
			"Print Format", {"name": print_format, "doc_type": CUSTOMER_STATEMENT, "disabled": 0}
		)
	)


def workbook(figures: StatementFigures) -> bytes:
	"""Return the workbook of a statement, in the language spoken now."""
	file = BytesIO()
	xlsx.write(figures, site_style(), file)
	return file.getvalue()


def _store(statement: str, field: str, name: str, content: bytes) -> MadeFile:
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": name,
			"is_private": 1,
			"content": content,
			"attached_to_doctype": CUSTOMER_STATEMENT,
			"attached_to_name": statement,
			"attached_to_field": field,
		}
	)
	file.flags.ignore_permissions = True
	file.insert()
	return MadeFile(field, file.name, file.file_url)


def read_files(statement: str, urls: Sequence[str]) -> list[tuple[str, bytes]]:
	"""Return the files of a statement: (name, content)."""
	names = frappe.get_all("File", _own(statement, urls), pluck="name", order_by="name") if urls else ()
	files = [frappe.get_doc("File", name) for name in names]
	# Not File.get_content: on version 16 it takes bytes for a text in some code page where they could be one.
	return [(file.file_name, Path(file.get_full_path()).read_bytes()) for file in files]


def _own(statement: str, urls: Sequence[str]) -> dict[str, Any]:
	return {
		"attached_to_doctype": CUSTOMER_STATEMENT,
		"attached_to_name": statement,
		"file_url": ("in", list(urls)),
	}


def delete_files(statement: str, urls: Sequence[str]) -> None:
	"""Delete files of a statement that did not leave."""
	for name in frappe.get_all("File", _own(statement, urls), pluck="name", order_by="name") if urls else ():
		frappe.delete_doc("File", name, force=True, ignore_permissions=True, ignore_missing=True)
