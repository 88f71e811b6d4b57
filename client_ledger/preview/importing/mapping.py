"""A mapping file: JSON that names the columns of files whose headings we do not know.

{"kind": "invoices", "columns": {"name": "Rechnung", "customer": "Kunde", ...}, "date_order": "dmy", "decimal": ","}

or {"invoices": {"columns": ...}, "payments": {"columns": ...}} for files of both kinds; a file is of the kind
whose headings it has. Fields are those of client_ledger.preview.importing.fields.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from client_ledger.files.headings import normal
from client_ledger.files.values import ORDERS
from client_ledger.preview.i18n import _
from client_ledger.preview.importing import fields
from client_ledger.preview.problems import Refused


@dataclass(frozen=True, slots=True)
class Mapping:
	"""Columns of one kind of file: our field by normal heading, and how it writes dates and amounts."""

	kind: str
	columns: dict[str, str]
	date_order: str | None = None
	decimal: str = "."


def read_mapping(path: Path) -> list[Mapping]:
	"""Return the mappings of a file. Raises Refused with what is wrong in it."""
	try:
		data = json.loads(path.read_text(encoding="utf-8-sig"))
	except OSError as error:
		raise Refused(_("{0} cannot be opened: {1}.").format(path.name, error.strerror)) from error
	except ValueError as error:
		raise Refused(_("{0} is not valid JSON: {1}.").format(path.name, error)) from error
	if not isinstance(data, dict):
		raise Refused(_("{0} must be a JSON object.").format(path.name))
	parts = [
		{**data[kind], "kind": kind}
		for kind in (fields.INVOICES, fields.PAYMENTS)
		if isinstance(data.get(kind), dict)
	]
	return [_mapping(path, part) for part in parts or [data]]


def _mapping(path: Path, data: dict) -> Mapping:
	kind, columns = data.get("kind"), data.get("columns")
	if kind not in (fields.INVOICES, fields.PAYMENTS):
		raise Refused(_('{0}: "kind" must be "invoices" or "payments".').format(path.name))
	if not isinstance(columns, dict) or not columns:
		raise Refused(_('{0}: "columns" must name a heading for each field.').format(path.name))
	unknown = set(columns) - set(fields.all_fields(kind))
	if unknown:
		raise Refused(
			_("{0}: field {1} does not exist. Available fields: {2}.").format(
				path.name, ", ".join(sorted(unknown)), ", ".join(fields.all_fields(kind))
			)
		)
	if data.get("date_order") not in (None, *ORDERS):
		raise Refused(_('{0}: "date_order" must be "dmy" or "mdy".').format(path.name))
	if data.get("decimal", ".") not in (".", ","):
		raise Refused(_('{0}: "decimal" must be "." or ",".').format(path.name))
	by_heading = {normal(heading): field for field, heading in columns.items()}
	return Mapping(kind, by_heading, data.get("date_order"), data.get("decimal", "."))
