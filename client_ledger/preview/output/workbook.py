"""Writes the workbook: summary, worklist, ageing, grades, expected cash, KPIs, the forecast and warnings
with their records, open items, movements."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from client_ledger.core.ageing import bucket_labels
from client_ledger.core.credit import messages
from client_ledger.core.credit.histogram import DAYS_A_WEEK
from client_ledger.core.credit.scorecard import MEASURES
from client_ledger.core.early_warnings.watch import WatchedCompany
from client_ledger.core.status import item_status
from client_ledger.files.workbook import MOST_ROWS, Sheet, Style, Workbook
from client_ledger.preview.figures.companies import AccountFigures, CompanyFigures
from client_ledger.preview.figures.forecast import CashByWeek
from client_ledger.preview.figures.kpis import CompanyKpis
from client_ledger.preview.figures.worklist import Calls
from client_ledger.preview.i18n import _
from client_ledger.preview.output import columns, forecast, kpis, warnings
from client_ledger.preview.output.columns import Column

_HEAD = Style(bold=True, colour="FFFFFF", fill="24324A", wrap=True)
_TITLE = Style(bold=True, size=14)


class Book:
	"""Takes accounts and companies as they are read, and saves the workbook at the end."""

	def __init__(self, path: Path, as_of: date):
		self.path, self.as_of = path, as_of
		self.book = Workbook(_("Client Ledger"))
		self.summary = _LongTable(self.book, _("Summary"), columns.summary_columns(), as_of)
		self.calls = _LongTable(self.book, _("Worklist"), columns.call_columns(), as_of)
		self.ageing = _LongTable(self.book, _("Ageing"), columns.ageing_columns(), as_of)
		self.grades = _LongTable(self.book, _("Credit Grades"), columns.grade_columns(), as_of)
		self.cash = _LongTable(self.book, _("Expected Cash"), columns.cash_columns(), as_of)
		self.kpis = _LongTable(self.book, _("KPIs"), columns.kpi_columns(), as_of)
		self.forecast = _LongTable(self.book, _("Cash Forecast"), columns.forecast_columns(), as_of)
		self.record = _LongTable(self.book, _("Forecast Record"), columns.record_columns(), as_of)
		self.warnings = _LongTable(self.book, _("Early Warnings"), columns.warning_columns(), as_of)
		self.signals = _LongTable(self.book, _("Warning Record"), columns.signal_columns(), as_of)
		self.items = _LongTable(self.book, _("Open Items"), columns.item_columns(), as_of)
		self.movements = _LongTable(self.book, _("Movements"), columns.movement_columns(), as_of)
		self._names: dict[str, str] = {}

	def add(self, company: str, currency: str, account: AccountFigures) -> None:
		"""Write one customer of a company."""
		head = (company, account.master.customer, account.master.customer_name)
		self._names[account.master.customer] = account.master.customer_name
		self.ageing.add((*head, *_ageing_row(account, currency)))
		self.grades.add((*head, *_grade_row(account, currency)))
		for item, expected in zip(account.items, account.credit.expected, strict=True):
			status = item_status(item.amount, item.outstanding, item.due_date, self.as_of)
			late = item.days_overdue(self.as_of)
			self.items.add(
				(
					*head, _(item.voucher.doctype), item.voucher.name, item.term or "", item.posting_date, item.due_date,
					late if late > 0 and not item.is_credit else None, _(status.value), item.currency, item.amount,
					item.outstanding, currency, item.base_outstanding,
					*((expected.expected, expected.earliest, expected.latest, expected.p_late) if expected else ()),
				)
			)  # fmt: skip
		for line in account.lines:
			m = line.movement
			against = ", ".join(voucher.name for voucher in m.against)
			self.movements.add(
				(
					*head, m.posting_date, _(m.voucher.doctype), m.voucher.name, against, m.currency, m.debit or None,
					m.credit or None, m.balance, currency, m.base_debit or None, m.base_credit or None, m.base_balance,
					_(line.status.value), line.due_date, line.days_late, line.outstanding or None,
				)
			)  # fmt: skip

	def close_company(
		self,
		company: CompanyFigures,
		calls: Calls,
		measured: CompanyKpis,
		forecasts: Iterable[CashByWeek],
		watched: WatchedCompany,
	) -> None:
		"""Write a company's summary, in company currency, then what each currency owes in its own; and its worklist."""
		head = (company.company, company.currency)
		p = company.position
		for label, value in (
			(_("Balance"), p.balance),
			(_("Receivable"), p.receivable),
			(_("Overdue"), p.overdue),
			(_("Unallocated Amount"), p.unallocated),
			(_("Unbilled Orders"), company.unbilled.orders),
			(_("Unbilled Deliveries"), company.unbilled.deliveries),
			(_("Not Due"), p.ageing.not_due),
			*(
				(_("Aged {0} Days").format(n), a)
				for n, a in zip(bucket_labels(), p.ageing.buckets, strict=True)
			),
		):
			self.summary.add((*head, label, value))
		for label, count in (
			(_("Open Items"), p.open_items),
			(_("Oldest Item (Days Overdue)"), p.oldest_overdue_days),
			(_("Days to Pay (12 Months)"), company.habits.days_to_pay),
			(_("Days Late (12 Months)"), company.habits.days_late),
			(_("Customers Differing from General Ledger"), len(company.untied)),
		):
			self.summary.add((*head, label, None, None if count is None else round(Decimal(count), 1)))
		for currency, found in company.by_currency.items():
			if currency != company.currency:
				label = _("Balance in {0}, as {1}").format(currency, company.currency)
				self.summary.add((*head, label, found.balance))
				self.summary.add((company.company, currency, _("Balance"), found.currencies[currency]))
		self._add_calls(company, calls)
		self._add_cash(company)
		for row in kpis.book_rows(measured, _):
			self.kpis.add((company.company, company.currency, *row))
		for found in forecasts:
			for row in forecast.book_rows(found):
				self.forecast.add((company.company, found.currency, *row))
			for row in forecast.record_rows(found):
				self.record.add((company.company, found.currency, *row))
		for row in warnings.book_rows(watched, self._names):
			self.warnings.add((company.company, *row))
		for row in warnings.record_rows(watched):
			self.signals.add((company.company, *row))

	def _add_calls(self, company: CompanyFigures, calls: Calls) -> None:
		"""Write whom to call, the first one first."""
		for rank, row in enumerate(calls.rows, 1):
			facts = row.ranked.facts
			self.calls.add(
				(
					company.company, facts.key.customer, row.name, rank, row.ranked.points,
					messages.grade_label(row.grade, _), company.currency, row.to_chase, facts.overdue, row.oldest_due,
					facts.oldest_days, row.last_payment, row.expected, "\n".join(row.reasons(_, company.currency)),
				)
			)  # fmt: skip

	def _add_cash(self, company: CompanyFigures) -> None:
		"""Write what is expected week by week, the rest without a week."""
		head = (company.company, company.currency)
		expected, by_due_date = company.credit.cash, company.credit.by_due_date
		for week, amounts in enumerate(zip(expected.weeks, by_due_date.weeks, strict=True)):
			first = self.as_of + timedelta(days=1 + DAYS_A_WEEK * week)
			last = first + timedelta(days=DAYS_A_WEEK - 1)
			self.cash.add((*head, first, last, *(round(amount, 2) for amount in amounts)))
		after = self.as_of + timedelta(days=1 + DAYS_A_WEEK * len(expected.weeks))
		self.cash.add((*head, after, None, round(expected.later, 2), round(by_due_date.later, 2)))

	def save(self) -> None:
		"""Finish the file."""
		for sheet in (
			self.summary,
			self.calls,
			self.ageing,
			self.grades,
			self.cash,
			self.kpis,
			self.forecast,
			self.record,
			self.warnings,
			self.signals,
			self.items,
			self.movements,
		):
			sheet.close()
		with self.path.open("wb") as file:
			self.book.save(file)


class _LongTable:
	"""A table that goes on in a further sheet where one is full."""

	def __init__(self, book: Workbook, title: str, columns: Sequence[Column], as_of: date):
		self.book, self.title, self.columns, self.as_of = book, title, columns, as_of
		self.styles = [style for _label, _width, style in columns]
		self.parts = 0
		self.sheet = self._open()

	def _open(self) -> Sheet:
		self.parts += 1
		title = self.title if self.parts == 1 else f"{self.title} {self.parts}"
		widths = [width for _label, width, _style in self.columns]
		sheet = self.book.sheet(title, widths=widths, frozen_rows=2, landscape=True, repeated_row=2)
		sheet.add([f"{title} · {_('As of')} {self.as_of.isoformat()}"], _TITLE)
		sheet.add([label for label, _width, _style in self.columns], _HEAD)
		return sheet

	def add(self, values: Iterable) -> None:
		"""Write a row, each value in the style of its column; what is None or empty stays empty."""
		if self.sheet.rows >= MOST_ROWS:
			self.close()
			self.sheet = self._open()
		self.sheet.add(values, self.styles)

	def close(self) -> None:
		"""Let readers filter by the headings."""
		self.sheet.filter_by(2, len(self.columns))


def _ageing_row(account: AccountFigures, currency: str) -> tuple:
	p = account.position
	master = account.master
	return (
		master.group, master.territory, master.sales_person, _(p.status.value), _(account.behaviour.value),
		account.segment, currency, p.balance, p.overdue, p.unallocated, account.unbilled.total,
		p.ageing.not_due, *p.ageing.buckets, p.oldest_overdue_days or None, account.habits.days_late,
		account.activity.sales, account.activity.last_invoice, account.activity.last_payment, account.reconciliation.difference,
	)  # fmt: skip


def _grade_row(account: AccountFigures, currency: str) -> tuple:
	made = account.credit.assessment
	points = {row.measure: row.points for row in made.factors}
	reasons = [*messages.caps(made.caps, _), *(messages.reason(row.reason, _) for row in made.factors)]
	if made.unrated:
		reasons = [messages.reason(made.unrated, _)]
	lifts = [
		_("{0}: {1}").format(said.heading, " ".join(said.sentences)) for said in messages.lifts(made.lifts, _)
	]
	return (
		messages.grade_label(made.grade, _), made.score, messages.grade_label(made.scored_grade, _),
		messages.confidence_label(made.confidence, _), made.settled, made.p_late, made.p_serious, currency,
		account.position.receivable, *(points.get(measure) for measure in MEASURES), "\n".join(reasons), "\n".join(lifts),
	)  # fmt: skip
