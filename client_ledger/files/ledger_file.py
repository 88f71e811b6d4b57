"""Reads a ledger that somebody hands in, ours or a customer's own, as lines that can be reconciled.

	file -> rows -> where the headings stand and what each column means -> lines, opening and closing balance, or problems

Amounts come as debit less credit, or as the file signs them; which way round that is, client_ledger.core.reconciliation.signs
tells. Nothing is half read: a file with problems gives no lines.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain, pairwise

from client_ledger.core.money import ZERO
from client_ledger.core.reconciliation.lines import BookedLine, LedgerSide, LineKind
from client_ledger.files.headings import letters
from client_ledger.files.ledger_headings import (
	CREDIT_WORDS,
	kind_of,
	roles_of,
	words_of,
)
from client_ledger.files.problems import InputProblem, InputProblems, Translate, UnreadableFile
from client_ledger.files.read import UNLIMITED, Limits, Row, Source, further_sheets, rows
from client_ledger.files.values import AmbiguousDate, amount_of, day_of, order_of, text_of

_LOOK_AHEAD, _LONGEST_TEXT, _MOST_REFERENCES = 30, 500, 6
# A column of balances is one where so many rows follow from the row before.
_ENOUGH = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class LedgerWishes:
	"""What is known of a file beside its content. currency: of rows without one. decimal: the sign in amounts as text."""

	currency: str = ""
	sheet: str | None = None
	date_order: str | None = None
	decimal: str | None = None


@dataclass(slots=True)
class LedgerFile:
	"""A file as read. digest: tells its content from any other's. has_numbers: a column holds numbers of documents.

	problems: why it could not be read; side then has no lines. skipped: rows that are no lines, such as sums.
	"""

	name: str
	digest: str
	side: LedgerSide = field(default_factory=lambda: LedgerSide(()))
	problems: InputProblems = field(default_factory=InputProblems)
	headings: dict[str, list[str]] = field(default_factory=dict)
	has_numbers: bool = False
	skipped: int = 0

	@property
	def lines(self) -> Sequence[BookedLine]:
		"""Return its lines."""
		return self.side.lines


def read_ledger(
	source: Source, name: str, wishes: LedgerWishes, _: Translate, limits: Limits = UNLIMITED
) -> LedgerFile:
	"""Read a CSV or XLSX file. name: as messages call it. Never raises for what is in the file: see its problems."""
	found = LedgerFile(name, "")
	try:
		_Reader(source, found, wishes, _, limits).read()
	except UnreadableFile as error:
		found.problems.add(error.problem(name, _))
	if found.problems:
		found.side = LedgerSide(())
	return found


def digest_of(source: Source) -> str:
	"""Return what tells a file's content from any other's."""
	if isinstance(source, bytes):
		return hashlib.sha256(source).hexdigest()
	digest = hashlib.sha256()
	with source.open("rb") as file:
		while chunk := file.read(1 << 20):
			digest.update(chunk)
	return digest.hexdigest()


@dataclass(slots=True)
class _Line:
	"""A row as read, before the file's order and balances are known."""

	line: BookedLine
	balance: Decimal | None


class _Reader:
	def __init__(self, source: Source, found: LedgerFile, wishes: LedgerWishes, _: Translate, limits: Limits):
		self.source, self.found, self.wishes, self._, self.limits = source, found, wishes, _, limits
		self.columns: dict[str, list[int]] = {}
		self.heading_cells: Sequence = ()
		self.opening: dict[str, Decimal] = {}
		self.closing: dict[str, Decimal] = {}
		# Openings that a column of balances says, whose sign may be another than that of debit less credit.
		self.said: set[str] = set()
		self.read_lines: list[_Line] = []
		self.seen: dict[str, int] = {}

	def read(self) -> None:
		_, found = self._, self.found
		data = self._find_headings(rows(self.source, self.wishes.sheet, self.limits))
		if data is None:
			return
		kept = [(number, cells) for number, cells in data if any(cell not in (None, "") for cell in cells)]
		self.order = self.wishes.date_order or self._order(kept)
		self.decimal = self.wishes.decimal or self._decimal(kept)
		for number, cells in kept:
			self._row(number, cells)
		if not self.read_lines and not found.problems and not self.opening:
			text, hint = (
				_("the file has headings, but no rows below them."),
				_("Export it again, with its rows."),
			)
			if found.skipped:
				text = _("no row has a date and an amount.")
				hint = _("Where amounts are formulas, open the file in Excel and save it again.")
			found.problems.add(InputProblem(found.name, text, hint=hint))
		if found.problems:
			return
		found.digest = digest_of(self.source)
		self._balances()
		found.has_numbers = any(one.line.number for one in self.read_lines)
		lines = tuple(one.line for one in self.read_lines)
		# An opening balance of nothing holds nothing that is older.
		begins = min((line.date for line in lines), default=None) if any(self.opening.values()) else None
		ends = max((line.date for line in lines), default=None)
		found.side = LedgerSide(lines, self.opening, self.closing, begins, ends)

	# Headings

	def _find_headings(self, found: Iterator[Row]) -> Iterator[Row] | None:
		_ = self._
		ahead: list[Row] = []
		for row in found:
			ahead.append(row)
			if len(ahead) >= _LOOK_AHEAD:
				break
		best, place = {}, 0
		for i, (_number, cells) in enumerate(ahead):
			roles = roles_of(cells)
			if sum(map(len, roles.values())) > sum(map(len, best.values())) and len(roles) > 1:
				best, place = roles, i
		problem = self._problem_of_headings(best, ahead, place)
		if problem:
			sheets = [] if self.wishes.sheet else further_sheets(self.source)
			if sheets:
				more = _("The workbook has other sheets; name the one to read: {0}.").format(
					", ".join(sheets)
				)
				problem = replace(problem, hint=f"{problem.hint} {more}")
			self.found.problems.add(problem)
			return None
		self.columns, self.heading_cells = best, ahead[place][1]
		self.found.headings = {
			role: [text_of(self.heading_cells[column]) for column in columns]
			for role, columns in best.items()
		}
		return chain(ahead[place + 1 :], found)

	def _problem_of_headings(
		self, roles: Mapping[str, list[int]], ahead: Sequence[Row], place: int
	) -> InputProblem | None:
		_, name = self._, self.found.name
		if not any(text_of(cell) for _number, cells in ahead for cell in cells):
			text = _("the file contains no rows.")
			return InputProblem(name, text, hint=_("Export it again, with its rows."))
		has_amount = "amount" in roles or "debit" in roles or "credit" in roles
		hint = _("Add headings such as Date, Reference, Debit, Credit or Amount in the row above the data.")
		if not roles or ("date" not in roles and not has_amount):
			return InputProblem(name, _("this is no ledger: no headings were recognised."), hint=hint)
		there = ", ".join(text_of(cell) for cell in ahead[place][1] if text_of(cell))
		missing = None
		if "date" not in roles:
			missing = _("a ledger requires a column with dates; the headings are: {0}.")
		elif not has_amount:
			missing = _("a ledger requires a column with amounts; the headings are: {0}.")
		return InputProblem(name, missing.format(there), ahead[place][0], hint=hint) if missing else None

	# Cells

	def _cells(self, cells: Sequence, role: str) -> list[object]:
		return [cells[column] for column in self.columns.get(role, ()) if column < len(cells)]

	def _cell(self, cells: Sequence, role: str) -> object:
		return next((cell for cell in self._cells(cells, role) if cell not in (None, "")), None)

	def _heading(self, role: str) -> str | None:
		return next(iter(self.found.headings.get(role, ())), None)

	def _order(self, kept: Sequence[Row]) -> str | None:
		texts = [
			cell
			for _number, cells in kept
			for cell in self._cells(cells, "date")[:1]
			if isinstance(cell, str)
		]
		return order_of(texts)

	def _decimal(self, kept: Sequence[Row]) -> str:
		"""Return the decimal sign that all amounts written as text can have; a point where both can."""
		texts = [
			cell
			for _number, cells in kept
			for role in ("amount", "debit", "credit")
			for cell in self._cells(cells, role)[:1]
			if isinstance(cell, str) and cell.strip()
		]
		fits = {sign: all(_is_amount(text, sign) for text in texts) for sign in ".,"}
		return "," if fits[","] and not fits["."] else "."

	def _amount(self, number: int, cells: Sequence, role: str) -> Decimal | None:
		value = self._cell(cells, role)
		if isinstance(value, str):
			value = value.strip()
		try:
			return amount_of(value, self.decimal)
		except ValueError:
			_ = self._
			self.found.problems.add(
				InputProblem(
					self.found.name,
					_("{0} is not a valid amount.").format(_quoted(value)),
					number,
					self._heading(role),
					_("Write amounts like 1234.50."),
				)
			)
			return None

	def _balance(self, cells: Sequence) -> Decimal | None:
		"""Return the balance of a row, None where it has none that can be read."""
		try:
			balance = amount_of(self._cell(cells, "balance"), self.decimal)
		except ValueError:
			return None
		# Beside debit and credit, the word says on which side the balance is.
		is_credit = ("debit" in self.columns or "credit" in self.columns) and self._side(
			cells
		) in CREDIT_WORDS
		return -balance if balance is not None and is_credit else balance

	# Rows

	def _row(self, number: int, cells: Sequence) -> None:
		word = self._word(cells)
		has_date = self._cell(cells, "date") not in (None, "")
		before = len(self.found.problems.found) + self.found.problems.more
		if word in words_of("sums") or word in words_of("closing"):
			balance = self._balance(cells)
			if word in words_of("closing") and balance is not None:
				self.closing[self._currency(cells)] = balance
			self.found.skipped += 1
			return
		is_opening = word in words_of("opening")
		if not has_date and not is_opening:
			self.found.skipped += 1
			if self._cell(cells, "amount") or self._cell(cells, "debit") or self._cell(cells, "credit"):
				_ = self._
				self.found.problems.add(
					InputProblem(
						self.found.name,
						_("is empty."),
						number,
						self._heading("date"),
						_("Fill it in, or delete the row."),
					)
				)
			return
		amount = self._signed(number, cells)
		if is_opening:
			balance, currency = self._balance(cells), self._currency(cells)
			if not amount and balance is not None:
				self.said.add(currency)
			self.opening[currency] = amount or balance or ZERO
			self.found.skipped += 1
			return
		day = self._day(number, cells)
		if len(self.found.problems.found) + self.found.problems.more > before or day is None:
			return
		if amount is None:
			self.found.skipped += 1
			return
		self.read_lines.append(_Line(self._line(cells, day, amount), self._balance(cells)))

	def _word(self, cells: Sequence) -> str:
		"""Return the word of a row that is no line: what stands in one of its texts, and in no other."""
		for role in ("text", "number", "kind", "date", "reference"):
			for cell in self._cells(cells, role):
				if isinstance(cell, str) and cell.strip():
					word = letters(cell)
					if any(word in words_of(what) for what in ("opening", "closing", "sums")):
						return word
		first = next((cell for cell in cells if cell not in (None, "")), None)
		return letters(first) if isinstance(first, str) else ""

	def _signed(self, number: int, cells: Sequence) -> Decimal | None:
		"""Return the amount of a row: debit less credit, or as signed, or by the word that says which of both it is."""
		if "debit" in self.columns or "credit" in self.columns:
			debit, credit = self._amount(number, cells, "debit"), self._amount(number, cells, "credit")
			if debit is not None or credit is not None:
				return (debit or ZERO) - (credit or ZERO)
			if "amount" not in self.columns:
				return None
		amount = self._amount(number, cells, "amount")
		return -amount if amount is not None and self._side(cells) in CREDIT_WORDS else amount

	def _side(self, cells: Sequence) -> str:
		return letters(self._cell(cells, "side") or "")

	def _day(self, number: int, cells: Sequence) -> date | None:
		_, value = self._, self._cell(cells, "date")
		try:
			return day_of(value, self.order)
		except AmbiguousDate:
			text = _("the date {0} is ambiguous.").format(text_of(value))
			hint = _("Write dates like 2025-03-31, or say whether day or month comes first.")
		except ValueError:
			text, hint = _("{0} is not a valid date.").format(_quoted(value)), _("Use the form 2025-03-31.")
		self.found.problems.add(InputProblem(self.found.name, text, number, self._heading("date"), hint))
		return None

	def _currency(self, cells: Sequence) -> str:
		return (text_of(self._cell(cells, "currency")) or self.wishes.currency).upper()

	def _line(self, cells: Sequence, day: date, amount: Decimal) -> BookedLine:
		numbers = [text_of(cell)[:_LONGEST_TEXT] for cell in self._cells(cells, "number")]
		numbers = [number for number in numbers if number]
		references = [text_of(cell)[:_LONGEST_TEXT] for cell in self._cells(cells, "reference")]
		texts = [text_of(cell) for cell in self._cells(cells, "text")]
		kind = next((kind for cell in self._cells(cells, "kind") if (kind := kind_of(text_of(cell)))), None)
		number = numbers[0] if numbers else ""
		extra = tuple(one for one in (*numbers[1:], *references) if one)[:_MOST_REFERENCES]
		currency, text = self._currency(cells), " ".join(filter(None, texts))[:_LONGEST_TEXT]
		identity = "|".join((day.isoformat(), str(amount.normalize()), currency, number, *extra, text))
		place = self.seen[identity] = self.seen.get(identity, 0) + 1
		# The same row has the same id in every file it comes in, so that what people decided about it holds.
		digest = hashlib.sha256(f"{identity}|{place}".encode()).hexdigest()[:16]
		return BookedLine(digest, day, amount, currency, number, extra, text, kind)

	# Balances

	def _balances(self) -> None:
		"""Take opening and closing balance from the running balances, where the rows follow from one another."""
		if len({one.line.currency for one in self.read_lines}) > 1 or not self.read_lines:
			self._fit_balance_signs(1)
			return
		currency = self.read_lines[0].line.currency
		for is_descending in (False, True):
			run = self.read_lines[::-1] if is_descending else self.read_lines
			for sign in (1, -1):
				if self._follows(run, sign):
					self._fit_balance_signs(sign)
					self.opening.setdefault(currency, sign * run[0].balance - run[0].line.amount)
					self.closing.setdefault(currency, sign * run[-1].balance)
					return
		self._fit_balance_signs(1)

	def _fit_balance_signs(self, sign: int) -> None:
		for currency in self.said:
			self.opening[currency] *= sign
		for currency in self.closing:
			self.closing[currency] *= sign

	def _follows(self, run: Sequence[_Line], sign: int) -> bool:
		if len(run) < 2 or any(one.balance is None for one in (run[0], run[-1])):
			return False
		steps = [
			sign * after.balance - sign * before.balance == after.line.amount
			for before, after in pairwise(run)
			if before.balance is not None and after.balance is not None
		]
		return bool(steps) and sum(steps) >= _ENOUGH * (len(run) - 1)


def with_plausible_kinds(side: LedgerSide) -> LedgerSide:
	"""Return a side whose kinds do not contradict the signs: an invoice that takes from the debt is a credit note."""
	return replace(side, lines=tuple(_plausible(line) for line in side.lines))


def _plausible(line: BookedLine) -> BookedLine:
	if line.kind is LineKind.INVOICE and line.amount < 0:
		return replace(line, kind=LineKind.CREDIT_NOTE)
	if line.kind is not LineKind.INVOICE and line.kind and line.amount > 0:
		return replace(line, kind=None)
	return line


def _is_amount(text: str, decimal: str) -> bool:
	try:
		amount_of(text, decimal)
	except ValueError:
		return False
	return True


def _quoted(value: object) -> str:
	text = text_of(value)
	return f'"{text[:60]}{"…" if len(text) > 60 else ""}"'
