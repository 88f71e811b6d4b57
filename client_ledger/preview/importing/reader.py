"""Reads one file of invoices or payments into the staging file, and notes all that is wrong on the way."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.files.problems import InputProblem, InputProblems, UnreadableFile
from client_ledger.files.read import further_sheets, rows
from client_ledger.files.values import (
	AmbiguousDate,
	amount_of,
	day_of,
	has_year_last,
	is_yes,
	order_of,
	text_of,
)
from client_ledger.preview.i18n import _
from client_ledger.preview.importing import fields
from client_ledger.preview.importing.layout import find_layout
from client_ledger.preview.importing.mapping import Mapping
from client_ledger.preview.importing.staging import Staging

_DRAFTS = ("draft", "草稿", "草案", "0")
_CANCELLED = ("cancelled", "canceled", "已取消", "取消", "2")
_CUSTOMER = ("customer", "客户", "")
_RECEIVED = ("receive", "收款", "收到", "")
_PAID_OUT = ("pay", "付款", "支付")
_DOCTYPES = {
	"sales invoice": SALES_INVOICE, "销售发票": SALES_INVOICE, "销售费用清单": SALES_INVOICE, "": SALES_INVOICE,
	"sales order": "Sales Order", "销售订单": "Sales Order",
	"journal entry": "Journal Entry", "日记账凭证": "Journal Entry", "手工凭证": "Journal Entry",
}  # fmt: skip
_TOTALS = ("total", "总计", "合计", "总")
_PEEK = 400
REPORT_EVERY = 5000


@dataclass(slots=True)
class Settings:
	"""What the user said of the files, beside the files."""

	company: str = ""
	mappings: Sequence[Mapping] = ()
	sheet: str | None = None
	date_order: str | None = None
	decimal: str | None = None


@dataclass(slots=True)
class FileSummary:
	"""What was found in a file. skipped: drafts, cancelled documents, those of suppliers."""

	path: Path
	digest: str
	kind: str = ""
	documents: int = 0
	skipped: int = 0
	headings: dict[str, str] = field(default_factory=dict)


class FileReader:
	"""Reads one file. Problems are added to *problems*; reading goes on as long as the rows make sense."""

	def __init__(self, path: Path, staging: Staging, settings: Settings, problems: InputProblems):
		self.path, self.staging, self.settings, self.problems = path, staging, settings, problems
		self.file = path.name
		self.summary = FileSummary(path, "")
		# The document above: name and head as read, and the name it is staged under, "" where it is left out.
		self._last: tuple[str, tuple, str] | None = None
		self._seq = 0

	def read(self, progress: Callable[[int], None] | None = None) -> FileSummary:
		"""Read the file. progress: called with how many further rows."""
		try:
			self._read(progress)
		except UnreadableFile as error:
			self.problems.add(error.problem(self.file, _))
		return self.summary

	def _read(self, progress: Callable[[int], None] | None) -> None:
		found = rows(self.path, self.settings.sheet)
		layout, data = find_layout(self.file, found, self.settings.mappings)
		if isinstance(layout, InputProblem):
			self.problems.add(self._with_sheets(layout))
			return
		self.summary.digest = digest_of(self.path)
		self.summary.kind, self.summary.headings = layout.kind, layout.headings
		self.layout = layout
		self.order = self.settings.date_order or layout.date_order or self._order_of_dates()
		self.decimal = self.settings.decimal or layout.decimal
		self.get = {name: layout.getter(name) for name in fields.all_fields(layout.kind)}
		take = self._invoice if layout.kind == fields.INVOICES else self._payment
		count = 0
		for number, cells in data:
			if layout.indented and cells and text_of(cells[0]):
				continue
			if any(cell not in (None, "") for cell in cells) and not self._is_total(cells):
				take(number, cells)
			count += 1
			if progress and count % REPORT_EVERY == 0:
				progress(REPORT_EVERY)
		if not self.summary.documents and not self.summary.skipped and not self.problems:
			text = _("the file has headings, but no rows below them.")
			self.problems.add(InputProblem(self.file, text, hint=_("Export it again, with its rows.")))

	def _with_sheets(self, problem: InputProblem) -> InputProblem:
		"""Return a problem with the first sheet, which may be the wrong one."""
		sheets = [] if self.settings.sheet else further_sheets(self.path)
		if not sheets:
			return problem
		more = _("The workbook has other sheets; use --sheet to select one of them: {0}.").format(
			", ".join(sheets)
		)
		return replace(problem, hint=f"{problem.hint} {more}".strip())

	def _order_of_dates(self) -> str | None:
		"""Return the order of day and month that fits the whole file, where its dates have the year last."""
		columns = [
			self.layout.columns[n]
			for n in ("date", "due_date", "paid_date", "term_due")
			if n in self.layout.columns
		]
		texts: list[str] = []
		for number, cells in rows(self.path, self.settings.sheet):
			texts += [cells[i] for i in columns if i < len(cells) and isinstance(cells[i], str)]
			if number == _PEEK and not any(map(has_year_last, texts)):
				return None
			if len(texts) > 20_000:
				order = order_of(texts)
				if order:
					return order
				texts.clear()
		return order_of(texts)

	def _is_total(self, cells: Sequence) -> bool:
		"""True for the last row of a report, which adds the ones above."""
		name = text_of(self.get["name"](cells)).lower()
		first = text_of(cells[0]).lower()
		party = text_of(self.get["customer"](cells)) or text_of(self.get["customer_name"](cells))
		return not party and (name in _TOTALS or (not name and first in _TOTALS))

	# Cells

	def _problem(self, number: int, name: str, text: str, hint: str = "") -> None:
		self.problems.add(InputProblem(self.file, text, number, self.layout.heading(name), hint))

	def _day(self, number: int, cells: Sequence, name: str) -> date | None:
		value = self.get[name](cells)
		try:
			return day_of(value, self.order)
		except AmbiguousDate:
			text = _("the date {0} is ambiguous.").format(text_of(value))
			hint = _("Specify --date-order dmy (day first) or --date-order mdy (month first).")
			self._problem(number, name, text, hint)
		except ValueError:
			text = _("{0} is not a valid date.").format(_shown(value))
			self._problem(number, name, text, _("Use the form 2025-03-31."))
		return None

	def _amount(self, number: int, cells: Sequence, name: str) -> Decimal | None:
		value = self.get[name](cells)
		try:
			return amount_of(value, self.decimal)
		except ValueError:
			text = _("{0} is not a valid amount.").format(_shown(value))
			hint = _("Use the form 1234.50, or specify --decimal comma if the file uses 1.234,50.")
			self._problem(number, name, text, hint)
		return None

	def _needed(self, number: int, cells: Sequence, name: str, value: object) -> bool:
		if value is None or value == "":
			short = len(cells) <= self.layout.columns.get(name, 0)
			unclosed = short and any("\n" in cell for cell in cells if isinstance(cell, str))
			hint = (
				_("Check for an unclosed quotation mark.")
				if unclosed
				else _("Fill it in, or delete the row.")
			)
			self._problem(number, name, _("is empty."), hint)
			return False
		return True

	def _is_skipped(self, cells: Sequence) -> bool:
		states = {text_of(self.get[name](cells)).lower() for name in ("status", "docstatus")}
		if states & {*_DRAFTS, *_CANCELLED}:
			self.summary.skipped += 1
			return True
		return False

	def _customer(self, cells: Sequence) -> str:
		name = text_of(self.get["customer"](cells))
		return name or text_of(self.get["customer_name"](cells))

	def _name(self, cells: Sequence) -> str:
		name = text_of(self.get["name"](cells))
		# Data Export writes names in quotation marks.
		return name[1:-1] if self.layout.indented and name[:1] == name[-1:] == '"' else name

	def _goes_on(self, name: str, head: tuple) -> bool:
		"""True where a row continues the document above: no name of its own, or the same document again."""
		if not (self.layout.has_children and self._last):
			return False
		return not name or self._last[:2] == (name, head)

	# Invoices

	def _invoice(self, number: int, cells: Sequence) -> None:
		name = self._name(cells)
		head = tuple(
			text_of(self.get[n](cells)) for n in ("customer", "date", "amount", "due_date", "status")
		)
		if self._goes_on(name, head):
			self._term(number, cells, self._last[2])
			return
		# Rows below that go on with a document left out, or a wrong one, are left out too.
		self._last = (name, head, "")
		if self._is_skipped(cells):
			return
		before = len(self.problems.found) + self.problems.more
		if not (
			self._needed(number, cells, "name", name)
			and self._needed(number, cells, "customer", self._customer(cells))
		):
			return
		day, due = self._day(number, cells, "date"), self._day(number, cells, "due_date")
		amounts = {
			n: self._amount(number, cells, n)
			for n in (
				"amount",
				"rounded_amount",
				"base_amount",
				"base_rounded_amount",
				"net_amount",
				"rate",
				"paid",
			)
		}
		if len(self.problems.found) + self.problems.more > before:
			return
		amount = amounts["rounded_amount"] or amounts["amount"]
		if not (self._needed(number, cells, "date", day) and self._needed(number, cells, "amount", amount)):
			return
		self._stage_invoice(number, cells, name, day, due or day, amount, amounts)
		self._last = (name, head, name)
		self._term(number, cells, name)

	def _stage_invoice(
		self,
		number: int,
		cells: Sequence,
		name: str,
		day: date,
		due: date,
		amount: Decimal,
		amounts: dict[str, Decimal | None],
	) -> None:
		customer = self._customer(cells)
		against = text_of(self.get["return_against"](cells)) or None
		is_return = is_yes(self.get["is_return"](cells)) or bool(against)
		if is_return and amount > 0:
			amount = -amount
			amounts = {n: -abs(a) if a is not None and n != "rate" else a for n, a in amounts.items()}
		base = amounts["base_rounded_amount"] or amounts["base_amount"]
		paid_date = self._day(number, cells, "paid_date")
		paid = amounts["paid"] or Decimal(0)
		has_date = "paid_date" in self.layout.columns
		if paid_date and not paid:
			text = _("the payment date has no paid amount.")
			hint = _("Enter the paid amount in a Paid Amount column, or remove the payment date.")
			self._problem(number, "paid_date", text, hint)
			return
		pays = bool(is_return and against and not is_yes(self.get["for_self"](cells)))
		self._seq += 1
		added = self.staging.add(
			"invoice",
			(
				name, self.file, number, customer, text_of(self.get["company"](cells)) or self.settings.company,
				day.isoformat(), due.isoformat(), text_of(self.get["currency"](cells)).upper(), _text(amounts["rate"]),
				str(amount), _text(base), _text(amounts["net_amount"]),
				text_of(self.get["account_currency"](cells)).upper(), against, int(pays),
				str(paid) if paid and not has_date else "0", text_of(self.get["remarks"](cells)), self._seq,
			),
		)  # fmt: skip
		if not added:
			self._twice(number, "invoice", name)
			return
		self.summary.documents += 1
		self.staging.invoices += 1
		self._stage_customer(cells, customer)
		if paid and has_date:
			self._paid_on_row(number, cells, name, customer, paid, paid_date)

	def _paid_on_row(
		self, number: int, cells: Sequence, name: str, customer: str, paid: Decimal, paid_date: date | None
	) -> None:
		"""A generic list of invoices may say on the same row what was paid, and when."""
		if not self._needed(number, cells, "paid_date", paid_date):
			return
		payment = f"PAY-{name}"
		currency = text_of(self.get["currency"](cells)).upper()
		rate = _text(self._amount(number, cells, "rate"))
		self._add_payment(
			number, cells, payment, customer, paid_date, currency, rate, paid, None, paid < 0, ""
		)
		self._add_reference(number, payment, 1, "paid", SALES_INVOICE, name, abs(paid), "", customer)

	def _term(self, number: int, cells: Sequence, invoice: str) -> None:
		if "term_amount" not in self.layout.columns or not invoice:
			return
		amount, due = self._amount(number, cells, "term_amount"), self._day(number, cells, "term_due")
		if amount is None:
			return
		if self._needed(number, cells, "term_due", due):
			self._seq += 1
			term = text_of(self.get["term_name"](cells))
			self.staging.add(
				"term", (invoice, self._seq, self.file, number, due.isoformat(), str(amount), term)
			)

	def _stage_customer(self, cells: Sequence, customer: str) -> None:
		name = text_of(self.get["customer_name"](cells)) or customer
		group, territory = (
			text_of(self.get[n](cells)) if n in self.get else "" for n in ("group", "territory")
		)
		currency = text_of(self.get["currency"](cells)).upper()
		self.staging.add("customer", (customer, name, currency, group, territory))

	def _twice(self, number: int, table: str, name: str) -> None:
		first = self.staging.place_of(table, name)
		text = _("Duplicate {0}: see {1}, row {2}.").format(name, first.file, first.row)
		self._problem(number, "name", text, _("Delete one of the two."))

	# Payments

	def _payment(self, number: int, cells: Sequence) -> None:
		name = self._name(cells)
		head = tuple(text_of(self.get[n](cells)) for n in ("customer", "date", "amount", "status"))
		if self._goes_on(name, head):
			self._reference(number, cells, self._last[2])
			return
		self._last = (name, head, "")
		kind = text_of(self.get["payment_type"](cells)).lower()
		party = text_of(self.get["party_type"](cells)).lower()
		if party not in _CUSTOMER or kind not in (*_RECEIVED, *_PAID_OUT):
			self.summary.skipped += 1
			return
		if self._is_skipped(cells):
			return
		before = len(self.problems.found) + self.problems.more
		day = self._day(number, cells, "date")
		refund = kind in _PAID_OUT
		amount, base, rate, currency = self._sums(number, cells, refund)
		customer = self._customer(cells)
		if len(self.problems.found) + self.problems.more > before:
			return
		if not (self._needed(number, cells, "date", day) and self._needed(number, cells, "amount", amount)):
			return
		if not customer and not text_of(self.get["ref_name"](cells)):
			self._needed(number, cells, "customer", "")
			return
		refund, amount = (not refund, -amount) if amount < 0 else (refund, amount)
		mode = text_of(self.get["mode"](cells))
		own = name or f"PAY-{self.summary.digest[:6]}-{number}"
		if "name" not in self.layout.columns or name:
			base = abs(base) if base is not None else None
			if self._add_payment(
				number, cells, own, customer, day, currency, rate, amount, base, refund, mode
			):
				self._last = (name, head, own)
				self._reference(number, cells, own)
		else:
			self._needed(number, cells, "name", "")

	def _sums(
		self, number: int, cells: Sequence, refund: bool
	) -> tuple[Decimal | None, Decimal | None, str | None, str]:
		"""Return amount, company amount, rate and currency on the customer's side of a payment."""
		read = self._amount
		if refund and "received" in self.layout.columns:
			names = ("received", "base_received", "target_rate", "target_currency")
		else:
			names = ("amount", "base_amount", "rate", "currency")
			if "amount" not in self.layout.columns:
				names = ("received", *names[1:])
		amount, base, rate = (read(number, cells, n) for n in names[:3])
		return amount, base, _text(rate), text_of(self.get[names[3]](cells)).upper()

	def _add_payment(
		self,
		number: int,
		cells: Sequence,
		name: str,
		customer: str,
		day: date,
		currency: str,
		rate: str | None,
		amount: Decimal,
		base: Decimal | None,
		refund: bool,
		mode: str,
	) -> bool:
		company = text_of(self.get["company"](cells)) or self.settings.company
		self._seq += 1
		added = self.staging.add(
			"payment",
			(
				name, self.file, number, customer, company, day.isoformat(), currency, rate, str(abs(amount)), _text(base),
				int(refund), mode, self._seq,
			),
		)  # fmt: skip
		if not added:
			self._twice(number, "payment", name)
			return False
		self.staging.payments += 1
		if self.layout.kind == fields.PAYMENTS:
			self.summary.documents += 1
			if customer:
				self._stage_customer(cells, customer)
		return True

	def _reference(self, number: int, cells: Sequence, payment: str) -> None:
		invoice = text_of(self.get["ref_name"](cells))
		if not invoice or not payment:
			return
		doctype = _DOCTYPES.get(text_of(self.get["ref_doctype"](cells)).lower())
		if doctype is None:
			text = _("payments against {0} are not supported.").format(_shown(self.get["ref_doctype"](cells)))
			self._problem(number, "ref_doctype", text)
			return
		columns = self.layout.columns
		name = next(n for n in ("ref_amount", "amount", "received") if n in columns)
		amount = self._amount(number, cells, name)
		if amount is None or not amount:
			return
		self._seq += 1
		term = text_of(self.get["ref_term"](cells))
		amount = amount if name == "ref_amount" else abs(amount)
		self._add_reference(
			number, payment, self._seq, "ref_name", doctype, invoice, amount, term, self._customer(cells)
		)

	def _add_reference(
		self,
		number: int,
		payment: str,
		seq: int,
		name: str,
		doctype: str,
		voucher: str,
		amount: Decimal,
		term: str,
		customer: str,
	) -> None:
		heading = self.layout.heading(name)
		self.staging.add(
			"reference",
			(payment, seq, self.file, number, heading, doctype, voucher, str(amount), term, customer),
		)


def _text(value: Decimal | None) -> str | None:
	return None if value is None else str(value)


def _shown(value: object) -> str:
	"""Return a cell as a message shows it: in quotation marks, and not too much of it."""
	text = text_of(value)
	return f'"{text[:60]}{"…" if len(text) > 60 else ""}"'


def digest_of(path: Path) -> str:
	"""Return what tells a file's content from any other's."""
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while chunk := file.read(1 << 20):
			digest.update(chunk)
	return digest.hexdigest()
