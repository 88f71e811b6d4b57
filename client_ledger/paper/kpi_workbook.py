"""KPIs as a workbook whose own formulas calculate them again from the rows, beside what we say.

MeasuredKpis -> sheets KPIs, Inputs (sums of rows), Count-Back, Rows. Nothing in a formula is a text from outside: a customer stands in it by
its number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from client_ledger.core.kpis.definitions import Unit
from client_ledger.core.kpis.formulas import LARGEST
from client_ledger.core.kpis.inputs import BUCKETS, MONTHS_BACK, InputRow, calendar
from client_ledger.core.kpis.measure import DIGITS, Kpi, MeasuredKpis
from client_ledger.core.kpis.messages import Translate, label, reason
from client_ledger.core.kpis.rows import Cause
from client_ledger.files.workbook import Formula, Sheet, Style, Workbook

_HEAD = Style(bold=True, colour="FFFFFF", fill="24324A", wrap=True)
_NUMBER = Style("#,##0.00;[Red]-#,##0.00")
_TEXT = Style(wrap=True)
_DAY = Style("yyyy-mm-dd")
_OWED = "owed:"
_FIRST_ROW = 2
# Titles that formulas name: ASCII, so that no language needs quotes there.
_ROWS, _INPUTS, _BACK, _KPIS = "Rows", "Inputs", "CountBack", "KPIs"

# The formulas as a spreadsheet has them; {name} is the cell of an input.
FORMULAS: Mapping[str, str] = {
	"receivable": "{receivable}",
	"dso": "{receivable}/{sales}*{days}",
	"best_possible_dso": "{current}/{sales}*{days}",
	"average_days_delinquent": "{overdue}/{sales}*{days}",
	"true_dso": "{outstanding_days}",
	"collection_effectiveness": "({opening}+{sales}/{months}-{receivable})/({opening}+{sales}/{months}-{current})*100",
	"turnover": "{sales}/(({opening}+{receivable})/2)*365/{days}",
	"weighted_days_late": "{paid_times_late}/{paid}",
	"weighted_days_paid": "{paid_times_days}/{paid}",
	"average_days_late": "{days_late}/{paid_invoices}",
	"current_share": "{current}/{receivable}*100",
	"at_risk_rate": "{cohort_unpaid}/{cohort}*100",
	**{f"roll_{name}": f"{{rolled:{name}}}/{{rolling:{name}}}*100" for name in BUCKETS[:-1]},
	"unallocated_share": "{unallocated}/{receivable}*100",
	"disputed_share": "{disputed}/{receivable}*100",
	"promise_kept_rate": "{promises_kept}/{promises}*100",
	"dispute_days": "{dispute_days}/{disputes}",
	"write_off_rate": "{written_off}/{sales}*100",
	"cost_per_collected": "{cost}/{received}*100",
}


@dataclass(slots=True)
class _Names:
	"""How inputs are called in the workbook: customers by their number."""

	numbers: dict[str, int]

	def of(self, name: str) -> str:
		if not name.startswith(_OWED):
			return name
		number = self.numbers.setdefault(name, len(self.numbers) + 1)
		return f"{_OWED}{number}"


def write_kpi_workbook(
	file: IO[bytes], measured: MeasuredKpis, title: str, currency: str, translate: Translate
) -> None:
	"""Write the workbook of a window. title: whose KPIs they are, as the first sheet says it. translate: into the reader's language."""
	names = _Names({})
	inputs = _input_names(measured, names)
	cells = {name: f"{_INPUTS}!$C${row}" for row, name in enumerate(inputs, _FIRST_ROW)}
	book = Workbook(title)
	_kpi_sheet(book, measured, cells, title, currency, translate)
	_input_sheet(book, measured, inputs, names, translate)
	_count_back_sheet(book, cells, translate)
	_row_sheet(book, measured, names, translate)
	book.save(file)


def _input_names(measured: MeasuredKpis, names: _Names) -> list[str]:
	"""Return every input a formula may name, customers last."""
	fixed = list(calendar(measured.window))
	fixed += [f"sales:{place}" for place in range(MONTHS_BACK)]
	for kpi in measured.kpis:
		fixed += [name for name in kpi.definition.inputs if not name.endswith(":")]
	owed = sorted({row.input for row in measured.rows if row.input.startswith(_OWED)})
	return list(dict.fromkeys([*fixed, *(names.of(name) for name in owed)]))


def _kpi_sheet(
	book: Workbook,
	measured: MeasuredKpis,
	cells: Mapping[str, str],
	title: str,
	currency: str,
	_: Translate,
) -> None:
	sheet = book.sheet(_KPIS, widths=(34, 16, 14, 16, 12, 70, 50, *(16 for _cause in Cause)), frozen_rows=1)
	headings = [
		title,
		_("Calculated Here"),
		_("Unit"),
		_("Client Ledger"),
		_("Difference"),
		_("Formula"),
		_("Why There Is No Value"),
	]
	sheet.add([*headings, *(_(cause.value) for cause in Cause)], _HEAD)
	for row, kpi in enumerate(measured.kpis, _FIRST_ROW):
		formula = _formula(kpi, cells)
		unit = currency if kpi.definition.unit is Unit.AMOUNT else _(kpi.definition.unit.value)
		has_value = kpi.shown is not None and formula
		parts = kpi.change.shown(kpi.value) if kpi.change and kpi.value is not None else {}
		sheet.add(
			[
				label(kpi.definition, _),
				Formula(f"=ROUND({formula},{DIGITS})") if has_value else None,
				unit,
				kpi.shown,
				Formula(f"=ROUND(B{row}-D{row},{DIGITS})") if has_value else None,
				_(kpi.definition.formula),
				reason(kpi, _),
				*(parts.get(cause) for cause in Cause),
			],
			[_TEXT, _NUMBER, _TEXT, _NUMBER, _NUMBER, _TEXT, _TEXT, *(_NUMBER for _cause in Cause)],
		)


def _formula(kpi: Kpi, cells: Mapping[str, str]) -> str:
	key = kpi.definition.key
	if key == "dso_count_back":
		return f"SUM({_BACK}!$E${_FIRST_ROW}:$E${_FIRST_ROW + MONTHS_BACK - 1})"
	if key == "concentration":
		owed = [cell for name, cell in cells.items() if name.startswith(_OWED)]
		if not owed:
			return ""
		whole = f"{owed[0]}:{owed[-1].partition('!')[2]}"
		largest = "+".join(f"LARGE({whole},{place})" for place in range(1, min(LARGEST, len(owed)) + 1))
		return f"({largest})/SUM({whole})*100"
	formula = FORMULAS[key]
	for name in sorted(kpi.definition.inputs, key=len, reverse=True):
		formula = formula.replace("{" + name + "}", cells[name])
	return formula


def _input_sheet(
	book: Workbook, measured: MeasuredKpis, inputs: list[str], names: _Names, _: Translate
) -> None:
	sheet = book.sheet(_INPUTS, widths=(24, 40, 20), frozen_rows=1)
	sheet.add([_("Input"), _("Customer"), _("Amount")], _HEAD)
	last = len(measured.rows) + _FIRST_ROW - 1
	fixed = calendar(measured.window)
	customers = {f"{_OWED}{number}": name.removeprefix(_OWED) for name, number in names.numbers.items()}
	for row, name in enumerate(inputs, _FIRST_ROW):
		value = fixed.get(name)
		if value is None:
			value = Formula(
				f"=SUMIFS({_ROWS}!$F${_FIRST_ROW}:$F${last},{_ROWS}!$A${_FIRST_ROW}:$A${last},A{row})"
				if measured.rows
				else "=0"
			)
		sheet.add([name, customers.get(name), value], [_TEXT, _TEXT, _NUMBER])


def _count_back_sheet(book: Workbook, cells: Mapping[str, str], _: Translate) -> None:
	"""Write the months: what is left before each, and the days of it that count."""
	sheet = book.sheet(_BACK, widths=(12, 18, 10, 20, 14), frozen_rows=1)
	sheet.add(
		[_("Months Back"), _("Credit Sales"), _("Days"), _("Receivable Left"), _("Days Counted")], _HEAD
	)
	for place in range(MONTHS_BACK):
		row = _FIRST_ROW + place
		left = cells["receivable"] if not place else f"MAX(0,D{row - 1}-MAX(0,B{row - 1}))"
		sheet.add(
			[
				place,
				Formula(f"={cells[f'sales:{place}']}"),
				Formula(f"={cells[f'days:{place}']}"),
				Formula(f"={left}"),
				Formula(f"=IF(D{row}<=0,0,IF(D{row}<=B{row},D{row}/B{row}*C{row},C{row}))"),
			],
			[_TEXT, _NUMBER, _TEXT, _NUMBER, _NUMBER],
		)


def _row_sheet(book: Workbook, measured: MeasuredKpis, names: _Names, _: Translate) -> None:
	sheet: Sheet = book.sheet(_ROWS, widths=(22, 26, 18, 30, 12, 18), frozen_rows=1)
	sheet.add([_("Input"), _("Document"), _("Payment Term"), _("Customer"), _("Date"), _("Amount")], _HEAD)
	for row in measured.rows:
		sheet.add(_values(row, names), [_TEXT, _TEXT, _TEXT, _TEXT, _DAY, _NUMBER])


def _values(row: InputRow, names: _Names) -> list[object]:
	return [names.of(row.input), row.voucher, row.term, row.customer, row.day, row.amount]
