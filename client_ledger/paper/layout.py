"""What stands where on a statement, all of it as text in one language: HTML pages and PDFs only draw it.

StatementFigures + PaperStyle -> PaperLayout -> html.py or pdf.py
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from client_ledger.core.ageing import Ageing, bucket_labels
from client_ledger.core.money import ZERO
from client_ledger.core.movements import Opening
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import BankDetails, Coverage, StatedAmountDue
from client_ledger.paper.rows import StatementRow, activity_rows, item_rows
from client_ledger.paper.style import PaperStyle


class Cell(NamedTuple):
	"""A text, and one that stands smaller beside or below it: a kind of document, an amount in company currency."""

	text: str
	small: str = ""


class Column(NamedTuple):
	"""A column's heading. kind: amounts stand right, days are never broken, the document takes what is left."""

	label: str
	kind: Literal["text", "day", "document", "amount"] = "text"


class Row(NamedTuple):
	"""A row of a table. is_total: it sums up others, and stands out."""

	cells: tuple[Cell, ...]
	is_total: bool = False


class Pair(NamedTuple):
	"""A label and its value."""

	label: str
	value: str
	is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
	"""A table, which may go over many pages. title: "" where it needs none."""

	title: str
	columns: tuple[Column, ...]
	rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PairList:
	"""A few labels with values under a title, kept together on one page."""

	title: str
	pairs: tuple[Pair, ...]


class SignatureBox(NamedTuple):
	"""Where a side signs: who, in which position and when, and what belongs in the empty place below."""

	title: str
	lines: tuple[str, ...]
	place: str


@dataclass(frozen=True, slots=True)
class PaperLayout:
	"""A statement from top to bottom. subtitles: below the customer's name. closing: beside it, large.

	ageing: None where a paper has none. signatures: boxes side by side at the end.
	"""

	language: str
	right_to_left: bool
	file_title: str
	title: str
	subtitles: tuple[str, ...]
	closing_label: str
	closing: tuple[Cell, ...]
	ageing: Table | None
	tables: tuple[Table, ...]
	amounts: tuple[PairList, ...] = ()
	bank: PairList | None = None
	footer: str = ""
	# The sequence of pages is counted in the paper's language: {0} of {1}.
	page_of: str = field(default="{0} / {1}")
	signatures: tuple[SignatureBox, ...] = ()
	# Sentences above the tables.
	remarks: tuple[str, ...] = ()


def lay_out(figures: StatementFigures, style: PaperStyle, made_on: date) -> PaperLayout:
	"""Return what stands where. made_on: the day that the paper says it was made on."""
	_ = style.translate
	names = dict(figures.customers)
	kind = [_("Statement of Account"), figures.company]
	if figures.open_only:
		kind.append(_("Open Items Only"))
	period = _("As of {0}").format(style.day(figures.as_of))
	if figures.from_date:
		period = _("{0} to {1}").format(style.day(figures.from_date), style.day(figures.as_of))
	subtitles = [" · ".join(kind), period]
	if figures.is_group:
		subtitles.append(_("Including {0}").format(", ".join(name for _id, name in figures.customers[1:])))
	tables = []
	if not figures.open_only:
		rows = [*_opening(figures, style), *_lines(activity_rows(figures, style), figures, style, names)]
		tables.append(Table("", _columns(figures, style), (*rows, *_closing(figures, style))))
	if figures.coverage is not Coverage.ACTIVITY:
		rows = tuple(_items(item_rows(figures, style), figures, style, names))
		title = "" if figures.open_only else _("Open Items")
		if figures.open_only:
			rows = (*rows, *_closing(figures, style))
		tables.append(Table(title, _columns(figures, style, of_items=True), rows))
	return PaperLayout(
		style.language,
		style.right_to_left,
		f"{_('Statement of Account')} {figures.customer_name} {style.day(figures.as_of)}",
		figures.customer_name,
		tuple(subtitles),
		_("Closing Balance", context="Client Ledger"),
		tuple(_balances(figures, figures.closing, style)),
		_ageing(figures, style),
		tuple(tables),
		tuple(amounts_due(figures, style)),
		bank_details(figures.bank, style) if figures.bank and _owes(figures) else None,
		_("Printed on {0}").format(style.day(made_on)),
		_("Page {0} of {1}"),
	)


def _owes(figures: StatementFigures) -> bool:
	"""Return whether there is something to pay, overdue or not."""
	return bool(figures.due) or any(amount > 0 for amount in figures.closing.by_currency.values())


def amounts_due(figures: StatementFigures, style: PaperStyle) -> Iterable[PairList]:
	"""Yield what each customer is asked for, per currency; all customers together last, where there are several."""
	_ = style.translate
	names = dict(figures.customers)
	by_customer: dict[str, list[StatedAmountDue]] = {}
	for due in figures.due:
		by_customer.setdefault(due.customer, []).append(due)
	for customer, amounts in by_customer.items():
		title = _("Amount Due")
		if figures.is_group:
			title = f"{title}: {names[customer]}"
		yield PairList(title, tuple(pair for due in amounts for pair in _due(due, style)))
	if len(by_customer) > 1:
		totals: dict[str, Decimal] = {}
		for due in figures.due:
			totals[due.currency] = totals.get(due.currency, ZERO) + due.net
		pairs = [
			Pair(_("Total to Pay"), style.money(totals[name], name), is_total=True) for name in sorted(totals)
		]
		yield PairList(_("Amount Due"), tuple(pairs))


def _due(due: StatedAmountDue, style: PaperStyle) -> Iterable[Pair]:
	_, money = style.translate, style.money
	yield Pair(_("Overdue"), money(due.overdue, due.currency))
	if due.withheld:
		yield Pair(_("Disputed, Promised, Announced or Referred"), money(-due.withheld, due.currency))
	for credit in due.credits:
		label = _("Payment Received, Not Yet Booked")
		if credit.voucher:
			label = f"{_('On Account')}: {credit.voucher.name}"
			label = f"{label} {style.day(credit.posting_date)}" if credit.posting_date else label
		yield Pair(label, money(-credit.amount, due.currency))
	yield Pair(_("Total to Pay"), money(due.net, due.currency), is_total=True)


def bank_details(bank: BankDetails, style: PaperStyle) -> PairList:
	"""Return where to pay to, without what is not known."""
	_ = style.translate
	known = (
		(_("Account Holder"), bank.holder),
		(_("Bank"), bank.bank),
		(_("IBAN"), bank.iban),
		(_("Bank Account No"), bank.account_no),
		(_("Branch Code"), bank.branch_code),
		(_("SWIFT"), bank.swift),
	)
	return PairList(_("Bank Details"), tuple(Pair(label, value) for label, value in known if value))


def _columns(figures: StatementFigures, style: PaperStyle, of_items: bool = False) -> tuple[Column, ...]:
	_ = style.translate
	columns = [Column(_("Date"), "day")]
	if figures.is_group:
		columns.append(Column(_("Customer")))
	columns += [Column(_("Document"), "document"), Column(_("Due Date"), "day"), Column(_("Status"))]
	labels = [_("Amount"), _("Outstanding")] if of_items else [_("Debit"), _("Credit")]
	return (*columns, *(Column(label, "amount") for label in (*labels, _("Balance"))))


def _lines(
	rows: Iterable[StatementRow], figures: StatementFigures, style: PaperStyle, names: dict[str, str]
) -> Iterable[Row]:
	for start, row in _starts(rows, figures, style, names):
		amounts = ((row.debit, row.base_debit), (row.credit, row.base_credit))
		yield Row(
			(
				*start,
				*(_amount(figures, style, amount, base, row.currency) for amount, base in amounts),
				Cell(style.money(row.balance, row.currency)),
			)
		)


def _items(
	rows: Iterable[StatementRow], figures: StatementFigures, style: PaperStyle, names: dict[str, str]
) -> Iterable[Row]:
	for start, row in _starts(rows, figures, style, names):
		amounts = ((row.amount, row.base_amount), (row.outstanding, row.base_outstanding))
		yield Row(
			(
				*start,
				*(_amount(figures, style, amount, base, row.currency) for amount, base in amounts),
				Cell(style.money(row.balance, row.currency)),
			)
		)


def _starts(
	rows: Iterable[StatementRow], figures: StatementFigures, style: PaperStyle, names: dict[str, str]
) -> Iterable[tuple[list[Cell], StatementRow]]:
	"""Yield the cells before the amounts of each row, and the row."""
	_ = style.translate
	doctypes: dict[str, str] = {}
	for row in rows:
		doctype = row.voucher.doctype
		if doctype not in doctypes:
			doctypes[doctype] = _(doctype)
		cells = [Cell(style.day(row.posting_date))]
		if figures.is_group:
			cells.append(Cell(names[row.customer]))
		cells += [
			Cell(row.voucher.name, doctypes[doctype]),
			Cell(style.day(row.due_date) if row.due_date else ""),
			Cell(row.status),
		]
		yield cells, row


def _amount(
	figures: StatementFigures, style: PaperStyle, amount: Decimal, base: Decimal, currency: str
) -> Cell:
	if not amount:
		return Cell("")
	is_base = currency == figures.company_currency
	return Cell(style.money(amount, currency), "" if is_base else style.money(base, figures.company_currency))


def _opening(figures: StatementFigures, style: PaperStyle) -> Iterable[Row]:
	_ = style.translate
	return _totals(figures, style, _("Opening Balance"), figures.from_date, figures.opening)


def _closing(figures: StatementFigures, style: PaperStyle) -> Iterable[Row]:
	_ = style.translate
	label = _("Closing Balance", context="Client Ledger")
	return _totals(figures, style, label, figures.as_of, figures.closing)


def _totals(
	figures: StatementFigures, style: PaperStyle, label: str, day: date | None, balance: Opening
) -> Iterable[Row]:
	for currency in figures.currencies:
		amount = style.money(balance.by_currency.get(currency, ZERO), currency)
		small = ""
		if figures.has_base and currency == figures.currencies[-1]:
			small = style.money(balance.base, figures.company_currency)
		cells = [Cell(style.day(day) if day else ""), Cell(label), Cell(amount, small)]
		yield Row(tuple(cells), is_total=True)


def _balances(figures: StatementFigures, balance: Opening, style: PaperStyle) -> Iterable[Cell]:
	for currency in figures.currencies:
		small = ""
		if figures.has_base and currency == figures.currencies[-1]:
			small = style.money(balance.base, figures.company_currency)
		yield Cell(style.money(balance.by_currency.get(currency, ZERO), currency), small)


def _ageing(figures: StatementFigures, style: PaperStyle) -> Table:
	"""Return the ageing: of the one currency there is, else of each with its name, and of all in company currency."""
	_ = style.translate
	columns = [
		Column(label, "amount")
		for label in (_("Not Due"), *(_("{0} days").format(b) for b in bucket_labels()))
	]
	if not figures.has_base or len(figures.ageing) == 1:
		currency, ageing = next(iter(figures.ageing.items()), (figures.company_currency, figures.base_ageing))
		return Table("", tuple(columns), (Row(_buckets(ageing, currency, style)),))
	rows = [
		Row((Cell(name), *_buckets(figures.ageing[name], name, style))) for name in sorted(figures.ageing)
	]
	total = (Cell(_("Total")), *_buckets(figures.base_ageing, figures.company_currency, style))
	return Table("", (Column(_("Currency")), *columns), (*rows, Row(total)))


def _buckets(ageing: Ageing, currency: str, style: PaperStyle) -> tuple[Cell, ...]:
	return tuple(Cell(style.money(amount, currency)) for amount in (ageing.not_due, *ageing.buckets))
