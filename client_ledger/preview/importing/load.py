"""Imports files into a store: read and check everything first, then book it in one transaction, or nothing at all."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.preview import posting, store
from client_ledger.preview.i18n import _
from client_ledger.preview.importing import fields
from client_ledger.preview.importing.reader import REPORT_EVERY, FileReader, FileSummary, Settings, digest_of
from client_ledger.preview.importing.staging import Staging
from client_ledger.preview.problems import BadInput, Problem, Problems, Refused
from client_ledger.sample.documents import Allocation, Company, Customer, Invoice, Payment, Term

DEFAULT_COMPANY = "My Company"
# From so many documents on, indexes are cheaper made afterwards.
_MANY = 20_000
# Of so many foreign invoices is known what is left of them, without asking the store.
_REMEMBERED = 20_000
_TOLERANCE = Decimal("0.05")

Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Wishes:
	"""What the user said on the command line. rates: company currency per unit, by currency."""

	settings: Settings = field(default_factory=Settings)
	currency: str = ""
	rates: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Result:
	"""What was imported."""

	files: list[FileSummary]
	invoices: int
	payments: int
	customers: int
	notes: list[str]


def import_files(
	paths: Sequence[Path], database: Path, wishes: Wishes, progress: Progress | None = None
) -> Result:
	"""Import *paths* into the store at *database*, which is made if it is missing.

	progress: told a stage ("read", "book") and how many further rows or documents of it are done.
	Raises BadInput with all that is wrong, or Refused; then nothing has changed.
	"""
	wishes.settings.company = wishes.settings.company or DEFAULT_COMPANY
	connection = store.open_store(database) if database.exists() else None
	with tempfile.TemporaryDirectory(prefix="client-ledger-") as folder:
		staging = Staging(Path(folder) / "staging.sqlite")
		try:
			files = _stage(paths, staging, wishes, connection, progress)
			checker = _Checker(staging, connection, wishes, files)
			checker.check()
			if connection is None:
				customers = _load_new(database, staging, checker, files, progress)
			else:
				customers = _Loader(staging, connection, checker, True, progress).load(files)
		finally:
			staging.close()
			if connection is not None:
				connection.close()
	return Result(files, staging.invoices, staging.payments, customers, checker.notes)


def _load_new(
	database: Path,
	staging: Staging,
	checker: "_Checker",
	files: Sequence[FileSummary],
	progress: Progress | None,
) -> int:
	"""Book into a file that takes the store's name when it is complete: killed on the way, there is no store."""
	building = database.with_name(f"{database.name}.new")
	connection = store.create(building)
	try:
		customers = _Loader(staging, connection, checker, False, progress).load(files)
		connection.close()
		if database.exists():
			raise Refused(_("{0} was made by another program meanwhile. Import again.").format(database))
		building.replace(database)
	except BaseException:
		connection.close()
		store.remove(building)
		raise
	return customers


def _stage(
	paths: Sequence[Path],
	staging: Staging,
	wishes: Wishes,
	connection: sqlite3.Connection | None,
	progress: Progress | None,
) -> list[FileSummary]:
	problems, files = Problems(), []
	for path in paths:
		_refuse_known(path, connection)
		reader = FileReader(path, staging, wishes.settings, problems)
		files.append(reader.read((lambda rows: progress("read", rows)) if progress else None))
	known: dict[str, Path] = {}
	for summary in files:
		if summary.digest and known.setdefault(summary.digest, summary.path) != summary.path:
			problems.add(
				Problem(summary.path.name, _("is the same file as {0}.").format(known[summary.digest].name))
			)
	if problems:
		raise BadInput(problems)
	staging.finish()
	return files


def _refuse_known(path: Path, connection: sqlite3.Connection | None) -> None:
	if connection is None or not path.is_file():
		return
	digest = digest_of(path)
	row = connection.execute(
		"select file, imported_at from client_ledger_import where digest = ?", (digest,)
	).fetchone()
	if row:
		raise Refused(
			_("{0} was imported before, as {1} on {2}. Nothing was changed.").format(
				path.name, row[0], row[1]
			)
		)


class _Checker:
	"""What rows say of each other and of the store; and each company's currency."""

	def __init__(
		self,
		staging: Staging,
		connection: sqlite3.Connection | None,
		wishes: Wishes,
		files: Sequence[FileSummary],
	):
		self.staging, self.connection, self.wishes = staging, connection, wishes
		self.headings = {(file.path.name, file.kind): file.headings for file in files}
		self.problems = Problems()
		self.notes: list[str] = []
		self.companies: dict[str, Company] = {}

	def check(self) -> None:
		"""Raise BadInput unless everything can be booked."""
		self._known_names("invoice", "tabSales Invoice")
		self._known_names("payment", "tabPayment Entry")
		self._references()
		self._returns()
		self._terms()
		self._find_companies()
		self._rates("invoice", fields.INVOICES)
		self._rates("payment", fields.PAYMENTS)
		if self.problems:
			raise BadInput(self.problems)

	def _problem(self, file: str, row: int, column: str | None, text: str, hint: str = "") -> None:
		self.problems.add(Problem(file, text, row, column, hint))

	def _heading(self, file: str, kind: str, name: str) -> str | None:
		headings = self.headings.get((file, kind)) or self.headings.get((file, fields.INVOICES)) or {}
		return headings.get(name)

	def _stored(self, sql: str, parameters: tuple) -> tuple | None:
		return self.connection.execute(sql, parameters).fetchone() if self.connection else None

	def _known_names(self, table: str, stored: str) -> None:
		if not self.connection:
			return
		kind = fields.INVOICES if table == "invoice" else fields.PAYMENTS
		for name, file, row in self.staging.rows(f"select name, file, row from {table}"):
			if self._stored(f"select 1 from `{stored}` where name = ?", (name,)):
				text = _("{0} is in the ledger already.").format(name)
				hint = _("Leave it out, or import everything into a new file (--db).")
				self._problem(file, row, self._heading(file, kind, "name"), text, hint)

	def _references(self) -> None:
		sql = """
select r.file, r.row, r.heading, r.name, coalesce(nullif(r.customer, ''), p.customer), i.customer, p.rowid, p.company, i.company
from reference r
inner join payment p on p.name = r.payment
left join invoice i on i.name = r.name
where r.doctype = 'Sales Invoice'"""
		for file, row, heading, name, payer, customer, payment, paid_to, company in self.staging.rows(sql):
			if customer is None:
				found = self._stored(
					"select customer, company from `tabSales Invoice` where name = ?", (name,)
				)
				customer, company = found or (None, None)
			if customer is None:
				text = _("the payment is for invoice {0}, which is in none of the files.").format(name)
				self._problem(
					file, row, heading, text, _("Import the invoices too, in the same command or before.")
				)
			elif payer and payer != customer:
				text = _("invoice {0} is of customer {1}, not of {2}.").format(name, customer, payer)
				self._problem(file, row, heading, text)
			elif paid_to != company:
				text = _("invoice {0} is of company {1}, not of {2}.").format(name, company, paid_to)
				self._problem(file, row, heading, text)
			elif not payer:
				self.staging.connection.execute(
					"update payment set customer = ? where rowid = ?", (customer, payment)
				)

	def _returns(self) -> None:
		"""A credit note for an invoice outside the export stays a credit of its own."""
		sql = """
select n.name, n.return_against from invoice n
left join invoice i on i.name = n.return_against
where n.return_against is not null and i.name is null"""
		for name, against in list(self.staging.rows(sql)):
			if not self._stored("select 1 from `tabSales Invoice` where name = ?", (against,)):
				self.notes.append(
					_(
						"Credit note {0} is for {1}, which is in none of the files; it stays a credit of its own."
					).format(name, against)
				)
				self.staging.connection.execute(
					"update invoice set return_against = null, pays_original = 0 where name = ?", (name,)
				)

	def _terms(self) -> None:
		sql = """
select i.file, i.row, i.name, i.amount, t.amount
from term t inner join invoice i on i.name = t.invoice order by i.name, t.seq"""
		last: tuple = ()
		total = ZERO
		for *head, part in self.staging.rows(sql):
			if head != list(last):
				self._term_sum(last, total)
				last, total = tuple(head), ZERO
			total += as_money(part)
		self._term_sum(last, total)

	def _term_sum(self, invoice: tuple, total: Decimal) -> None:
		if not invoice:
			return
		file, row, name, amount = invoice
		if as_money(amount) > 0 and abs(as_money(amount) - total) > max(_TOLERANCE, Decimal(1)):
			text = _("the payment terms of {0} add up to {1}, not to {2}.").format(name, total, amount)
			self._problem(file, row, self._heading(file, fields.INVOICES, "term_amount"), text)

	# Companies and currencies

	def _find_companies(self) -> None:
		names = [
			row[0]
			for row in self.staging.rows(
				"select company from invoice union select company from payment order by company"
			)
		]
		taken = (
			{row[0] for row in self.connection.execute("select abbr from tabCompany")}
			if self.connection
			else set()
		)
		for name in names:
			row = self._stored(
				"select name, abbr, default_currency, country from `tabCompany` where name = ?", (name,)
			)
			if row:
				self.companies[name] = Company(*row)
			else:
				self.companies[name] = Company(name, _abbr(name, taken), self._currency_of(name))

	def _currency_of(self, company: str) -> str:
		"""Return a company's currency: as asked for, the only one there is, or that of amounts at rate 1."""
		if self.wishes.currency:
			return self.wishes.currency
		sql = """
select currency, max(coalesce(rate, '') + 0 = 1 or (base is not null and base + 0 = amount + 0)) from (
	select currency, rate, base, amount, company from invoice
	union all select currency, rate, base, amount, company from payment
) where company = ? and currency <> '' group by currency order by count(*) desc"""
		rows = list(self.staging.rows(sql, (company,)))
		at_par = [currency for currency, is_at_par in rows if is_at_par]
		if len(rows) <= 1 or len(at_par) == 1:
			return (at_par or [row[0] for row in rows] or ["CNY"])[0]
		file, row = self.staging.rows(
			"select file, row from invoice where company = ?", (company,)
		).__next__()
		text = _("there are several currencies ({0}); which one does {1} keep its books in?").format(
			", ".join(currency for currency, _par in rows), company
		)
		self._problem(file, row, self._heading(file, fields.INVOICES, "currency"), text, _("Say --currency."))
		return rows[0][0]

	def _rates(self, table: str, kind: str) -> None:
		"""Every amount in a foreign currency needs its rate, its company amount, or a rate given by hand."""
		sql = f"select file, row, currency, company from {table} where currency <> '' and rate is null and base is null"
		for file, row, currency, company in self.staging.rows(sql):
			own = self.companies[company].currency
			if currency != own and currency not in self.wishes.rates:
				text = _("the amount is in {0}, the books of {1} are in {2}, and no rate is given.").format(
					currency, company, own
				)
				hint = _("Add a column Exchange Rate, or say --rate {0}=RATE.").format(currency)
				self._problem(file, row, self._heading(file, kind, "currency"), text, hint)

	def money(
		self, company: Company, currency: str, rate: str | None, amount: str, base: str | None
	) -> tuple[str, Decimal, Decimal, Decimal]:
		"""Return (currency, rate, amount, company amount) of a document."""
		currency = currency or company.currency
		value = as_money(amount)
		if currency == company.currency:
			return currency, Decimal(1), value, value
		if base is not None and value:
			return currency, as_money(rate) if rate else as_money(base) / value, value, as_money(base)
		found = as_money(rate) if rate else self.wishes.rates[currency]
		return currency, found, value, rounded(value * found, 2)


def _abbr(name: str, taken: set[str]) -> str:
	"""Return a short name for a company that no other has."""
	letters = "".join(word[0] for word in name.split() if word[0].isalnum()).upper() or "C"
	abbr, i = letters[:5], 2
	while abbr in taken:
		abbr, i = f"{letters[:4]}{i}", i + 1
	taken.add(abbr)
	return abbr


class _Loader:
	"""Books what was staged, in one transaction."""

	def __init__(
		self,
		staging: Staging,
		connection: sqlite3.Connection,
		checker: _Checker,
		existed: bool,
		progress: Progress | None,
	):
		self.staging, self.connection, self.checker = staging, connection, checker
		self.existed, self.progress = existed, progress
		self.writer = store.Writer(connection)
		self._left: dict[str, list[Decimal]] = {}
		self._has_terms = next(staging.rows("select 1 from term limit 1"), None) is not None
		self._done = 0

	def load(self, files: Sequence[FileSummary]) -> int:
		"""Book everything; return the number of customers."""
		connection = self.connection
		connection.execute("begin immediate")
		try:
			if self.existed and self.staging.invoices + self.staging.payments > _MANY:
				store.drop_indexes(connection)
			self.poster = posting.Poster(self.writer, self.checker.companies.values())
			customers = self._customers()
			for invoice in self._invoices():
				self.poster.post(invoice)
				self._tell()
			self.writer.flush()
			connection.execute(
				"create index if not exists ple_against on `tabPayment Ledger Entry` (against_voucher_no)"
			)
			for payment in self._payments():
				self.poster.post(payment)
				self._tell()
			self.writer.flush()
			store.make_indexes(connection)
			posting.pay_terms(connection)
			self._remember(files)
			connection.execute("commit")
		except BaseException:
			connection.execute("rollback")
			raise
		return customers

	def _tell(self) -> None:
		self._done += 1
		if self.progress and self._done % REPORT_EVERY == 0:
			self.progress("book", REPORT_EVERY)

	def _customers(self) -> int:
		count = 0
		sql = "select name, customer_name, currency, customer_group, territory from customer order by name"
		for name, customer_name, currency, group, territory in self.staging.rows(sql):
			self.poster.add_customer(Customer(name, customer_name, currency, group, territory))
			count += 1
		return count

	def _invoices(self) -> Iterator[Invoice]:
		sql = """
select name, customer, company, day, due, currency, rate, amount, base, net, account_currency, return_against,
	pays_original, counter, remarks
from invoice order by day, seq"""
		for row in self.staging.rows(sql):
			name, customer, company, day, due, currency, rate, amount, base = row[:9]
			net, account_currency, against, pays_original, counter, remarks = row[9:]
			money = self.checker.money(self.checker.companies[company], currency, rate, amount, base)
			terms = self._terms(name) if self._has_terms and money[2] > 0 else ()
			due_date = max((term.due_date for term in terms), default=date.fromisoformat(due))
			yield Invoice(
				name, company, customer, date.fromisoformat(day), due_date, *money,
				net_amount=as_money(net) if net else None,
				account_currency=account_currency or None,
				terms=terms or (Term(due_date, money[2]),),
				return_against=against,
				pays_original=bool(pays_original),
				paid_at_counter=as_money(counter),
				dispute=remarks or None,
			)  # fmt: skip

	def _terms(self, invoice: str) -> tuple[Term, ...]:
		rows = self.staging.rows(
			"select due, amount, term from term where invoice = ? order by seq", (invoice,)
		)
		return tuple(
			Term(date.fromisoformat(due), as_money(amount), term or None) for due, amount, term in rows
		)

	def _payments(self) -> Iterator[Payment]:
		sql = """
select name, customer, company, day, currency, rate, amount, base, refund, mode from payment order by day, seq"""
		for name, customer, company, day, currency, rate, amount, base, refund, mode in self.staging.rows(
			sql
		):
			money = self.checker.money(self.checker.companies[company], currency, rate, amount, base)
			foreign = money[0] != self.checker.companies[company].currency
			yield Payment(
				name, company, customer, date.fromisoformat(day), *money,
				allocations=self._allocations(name, foreign, bool(refund)), is_refund=bool(refund), mode=mode,
			)  # fmt: skip

	def _allocations(self, payment: str, foreign: bool, refund: bool) -> tuple[Allocation, ...]:
		if len(self._left) > _REMEMBERED:
			self.writer.flush()
			self._left.clear()
		found = []
		sql = "select doctype, name, amount, term from reference where payment = ? order by seq"
		for doctype, name, text, term in self.staging.rows(sql, (payment,)):
			amount = abs(as_money(text)) if refund else as_money(text)
			base = self._base(name, amount, refund) if foreign and doctype == SALES_INVOICE else None
			found.append(Allocation(name, amount, base, doctype, term or None))
		return tuple(found)

	def _base(self, invoice: str, amount: Decimal, refund: bool) -> Decimal:
		"""Return what *amount* takes off a foreign invoice in company currency: all that is left with its last part."""
		left = self._left.get(invoice)
		if left is None:
			row = self.connection.execute(
				"""
select sum(amount_in_account_currency), sum(amount) from `tabPayment Ledger Entry`
where against_voucher_no = ? and delinked = 0""",
				(invoice,),
			).fetchone()
			total = self.connection.execute(
				"select grand_total, base_grand_total from `tabSales Invoice` where name = ?", (invoice,)
			).fetchone()
			rate = as_money(total[1]) / as_money(total[0]) if total[0] else Decimal(1)
			left = self._left[invoice] = [abs(as_money(row[0])), abs(as_money(row[1])), rate]
		base = left[1] if left[0] == amount else rounded(amount * left[2], 2)
		left[0] -= amount
		left[1] -= base
		return base

	def _remember(self, files: Sequence[FileSummary]) -> None:
		now = datetime.now().isoformat(" ", "seconds")
		self.connection.executemany(
			"insert into client_ledger_import values (?, ?, ?, ?, ?)",
			[(f.digest, f.path.name, f.kind, f.documents, now) for f in files],
		)


__all__ = ["BadInput", "Refused", "Result", "Wishes", "import_files"]
