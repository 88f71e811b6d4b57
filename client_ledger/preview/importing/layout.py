"""Finds the table in a file: which row holds the headings, which column is what, where the data begin.

Four layouts are known: headings in the first rows (generic files, Data Import's export, the list's report view),
and Data Export's, with a block of explanations before the data and one section of columns per child table.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from client_ledger.files.headings import normal
from client_ledger.files.problems import InputProblem
from client_ledger.files.read import Row
from client_ledger.files.values import text_of
from client_ledger.preview.i18n import _
from client_ledger.preview.importing import fields
from client_ledger.preview.importing.mapping import Mapping

_LOOK_AHEAD = 30
# First cells of Data Export's rows, in English and Chinese.
_FIELD_ROW = ("column name", "列名", "字段名")
_LABEL_ROW = ("column labels", "列标签", "列标题")
_INFO_ROW = ("info", "信息")
_TABLE_ROW = ("doctype", "单据类型", "文档类型")


@dataclass(frozen=True, slots=True)
class Layout:
	"""Where a file has what. columns: index by field. headings: as the file writes them, by field.

	has_children: rows may go on with more of the document above. indented: data rows have an empty first cell.
	"""

	kind: str
	columns: dict[str, int]
	headings: dict[str, str]
	has_children: bool
	indented: bool = False
	date_order: str | None = None
	decimal: str = "."

	def heading(self, name: str) -> str:
		"""Return the file's heading of a field, or the field."""
		return self.headings.get(name, name)

	def getter(self, name: str) -> Callable[[Sequence], object]:
		"""Return a function that takes a field's cell out of a row, None where the file has no such column."""
		index = self.columns.get(name)
		if index is None:
			return lambda cells: None
		return lambda cells: cells[index] if index < len(cells) else None


def find_layout(
	file: str, rows: Iterator[Row], mappings: Sequence[Mapping] = ()
) -> tuple[Layout | InputProblem, Iterable[Row]]:
	"""Return the layout and the rows of data, or what is wrong and no rows."""
	ahead: list[Row] = []
	for row in rows:
		ahead.append(row)
		if len(ahead) >= _LOOK_AHEAD:
			break
	exported = _data_export(ahead)
	if exported:
		layout, start = exported
	else:
		layout, start = _best(ahead, mappings)
	if isinstance(layout, InputProblem):
		return InputProblem(file, layout.text, layout.row, layout.column, layout.hint), ()
	if layout is None:
		return _no_headings(file, ahead), ()
	return layout, chain(ahead[start:], rows)


def _no_headings(file: str, ahead: list[Row]) -> InputProblem:
	if not any(text_of(cell) for _number, cells in ahead for cell in cells):
		return InputProblem(file, _("the file contains no rows."), hint=_("Export it again, with its rows."))
	return InputProblem(
		file,
		_("no headings were recognised."),
		hint=_(
			"Add headings such as Customer, Invoice No, Invoice Date, Due Date, Amount in the first row, or "
			"specify a --mapping."
		),
	)


def _best(ahead: list[Row], mappings: Sequence[Mapping]) -> tuple[Layout | InputProblem | None, int]:
	"""Return the layout of the row with the most headings we know, and where the data start."""
	best: tuple[int, Layout | None, list, int] = (1, None, [], 0)
	for i, (_number, cells) in enumerate(ahead[:20]):
		layout = _layout(cells, mappings)
		if layout and len(layout.columns) > best[0]:
			best = (len(layout.columns), layout, cells, i)
	layout, cells, i = best[1], best[2], best[3]
	if layout is None:
		return None, 0
	missing = _missing(layout)
	if missing:
		return _missing_problem(layout, missing, cells, ahead[i][0]), 0
	return layout, i + 1


def _layout(cells: Sequence, mappings: Sequence[Mapping]) -> Layout | None:
	texts = [normal(cell) for cell in cells]
	for mapping in mappings:
		columns = {mapping.columns[text]: i for i, text in enumerate(texts) if text in mapping.columns}
		if len(columns) == len(mapping.columns):
			headings = {name: text_of(cells[i]) for name, i in columns.items()}
			children = any(name.startswith(("term_", "ref_")) for name in columns)
			return Layout(
				mapping.kind, columns, headings, children, False, mapping.date_order, mapping.decimal
			)
	kind = fields.guess_kind([text for text in texts if text])
	known, columns = fields.headings(kind), {}
	for i, text in enumerate(texts):
		if text in known:
			columns.setdefault(known[text], i)
	_prefer_erpnext(kind, texts, columns)
	headings = {name: text_of(cells[i]) for name, i in columns.items()}
	# A heading with a child table's name behind it: the document may take several rows.
	children = any(text.endswith(")") and "(" in text and text not in known for text in texts) or any(
		name.startswith(("term_", "ref_a", "ref_d", "ref_t")) for name in columns
	)
	return Layout(kind, columns, headings, children)


def _prefer_erpnext(kind: str, texts: list[str], columns: dict[str, int]) -> None:
	"""Where two columns claim a field, the one whose heading stands first in our table has it."""
	known = fields.headings(kind)
	rank = {text: i for i, text in enumerate(known)}
	for i, text in enumerate(texts):
		name = known.get(text)
		if name and rank[text] < rank[texts[columns[name]]]:
			columns[name] = i
	for i, text in enumerate(texts):
		other = fields.SECOND_MEANING[kind].get(text)
		if other and other not in columns and i not in columns.values():
			columns[other] = i


def _missing(layout: Layout) -> list[str]:
	return [
		name
		for name in fields.REQUIRED[layout.kind]
		if name not in layout.columns and not any(n in layout.columns for n in fields.INSTEAD.get(name, ()))
	]


def _missing_problem(layout: Layout, missing: list[str], cells: Sequence, row: int) -> InputProblem:
	wanted = ", ".join(label(layout.kind, name) for name in missing)
	there = ", ".join(text_of(cell) for cell in cells if text_of(cell))
	kind = _("invoice files") if layout.kind == fields.INVOICES else _("payment files")
	return InputProblem(
		"",
		_("{0} require a column that is missing: {1}.").format(kind, wanted),
		row,
		hint=_("The headings are: {0}. Add the column or name it in a --mapping.").format(there),
	)


def label(kind: str, name: str) -> str:
	"""Return what to call a field's column when it is missing."""
	labels = {
		"name": _("Invoice No") if kind == fields.INVOICES else _("Payment No"),
		"customer": _("Customer"),
		"date": _("Invoice Date") if kind == fields.INVOICES else _("Payment Date"),
		"amount": _("Grand Total") if kind == fields.INVOICES else _("Paid Amount"),
	}
	return labels.get(name, name)


# Data Export


def _data_export(ahead: list[Row]) -> tuple[Layout | InputProblem, int] | None:
	"""Return the layout of a Data Export, None for another file."""
	marked = {normal(cells[0]): i for i, (_number, cells) in enumerate(ahead) if cells}
	fieldnames = next((marked[text] for text in _FIELD_ROW if text in marked), None)
	labels = next((marked[text] for text in _LABEL_ROW if text in marked), None)
	heading_row = fieldnames if fieldnames is not None else labels
	if heading_row is None:
		return None
	tables = next((ahead[marked[text]][1] for text in _TABLE_ROW if text in marked), None)
	cells = ahead[heading_row][1]
	sections = _sections(cells)
	main = {normal(cells[i]): i for i in sections[0]}
	doctype = text_of(tables[1]) if tables and len(tables) > 1 else ""
	if doctype in ("Sales Invoice", "Payment Entry"):
		kind = fields.INVOICES if doctype == "Sales Invoice" else fields.PAYMENTS
	else:
		kind = fields.guess_kind(list(main))
	columns = {
		fields.headings(kind)[text]: i for text, i in reversed(main.items()) if text in fields.headings(kind)
	}
	columns.update(_child_columns(kind, cells, sections[1:], tables))
	shown = ahead[labels][1] if labels is not None else cells
	headings = {name: text_of(shown[i]) or text_of(cells[i]) for name, i in columns.items()}
	info = next((ahead[marked[text]][1] for text in _INFO_ROW if text in marked), None)
	layout = Layout(kind, columns, headings, True, True, _written_order(info, columns.get("date")))
	missing = _missing(layout)
	if missing:
		return _missing_problem(layout, missing, cells[1:], ahead[heading_row][0]), 0
	return layout, heading_row + 1


def _written_order(info: Sequence | None, column: int | None) -> str | None:
	"""Return the order of day and month that Data Export notes for a date column."""
	written = text_of(info[column]).lower() if info and column is not None and column < len(info) else ""
	return "dmy" if written.startswith("dd") else "mdy" if written.startswith("mm") else None


def _sections(cells: Sequence) -> list[list[int]]:
	"""Return the columns of the document, then those of each child table; an empty one or ~ parts them."""
	sections: list[list[int]] = [[]]
	for i, cell in enumerate(cells[1:], start=1):
		if text_of(cell) in ("", "~"):
			if sections[-1]:
				sections.append([])
		else:
			sections[-1].append(i)
	return sections


def _child_columns(
	kind: str, cells: Sequence, sections: list[list[int]], tables: Sequence | None
) -> dict[str, int]:
	known = fields.child_headings(kind)
	for section in sections:
		columns = {known[normal(cells[i])]: i for i in section if normal(cells[i]) in known}
		amount = "term_amount" if kind == fields.INVOICES else "ref_amount"
		named = text_of(tables[section[0]]) if tables and section and section[0] < len(tables) else None
		if amount in columns and named in (None, "", fields.child_doctype(kind)):
			# The section's own ID column, also headed name, comes before the reference's name, which wins.
			return columns
	return {}
