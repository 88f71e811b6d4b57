"""Imports files into a store: read and check everything first, then book it in one transaction, or nothing at all."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.money import as_money, rounded
from client_ledger.files.problems import InputProblem, InputProblems
from client_ledger.preview.i18n import _
from client_ledger.preview.importing.checking import Checker, Wishes
from client_ledger.preview.importing.reader import REPORT_EVERY, FileReader, FileSummary, digest_of
from client_ledger.preview.importing.staging import Staging
from client_ledger.preview.problems import BadInput, Refused
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.documents import (
	Allocation,
	CustomerMaster,
	DocumentTerm,
	InvoiceDocument,
	PaymentDocument,
)

DEFAULT_COMPANY = "My Company"
# From so many documents on, indexes are cheaper made afterwards.
_MANY = 20_000
# Of so many foreign invoices is known what is left of them, without asking the store.
_REMEMBERED = 20_000

Progress = Callable[[str, int], None]


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

	progress: called with a stage ("read", "book") and how many further rows or documents of it are done.
	Raises BadInput with all that is wrong, or Refused; then nothing has changed.
	"""
	wishes.settings.company = wishes.settings.company or DEFAULT_COMPANY
	connection = ledger_file.open_store(database) if database.exists() else None
	staging = Staging()
	try:
		files = _stage(paths, staging, wishes, connection, progress)
		checker = Checker(staging, connection, wishes, files)
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
	checker: Checker,
	files: Sequence[FileSummary],
	progress: Progress | None,
) -> int:
	"""Book into a file that takes the store's name when it is complete: killed on the way, there is no store."""
	building = database.with_name(f"{database.name}.new")
	connection = ledger_file.create(building)
	try:
		customers = _Loader(staging, connection, checker, False, progress).load(files)
		connection.close()
		if database.exists():
			raise Refused(
				_("{0} was created by another program in the meantime. Import again.").format(database)
			)
		building.replace(database)
	except BaseException:
		connection.close()
		ledger_file.remove(building)
		raise
	return customers


def _stage(
	paths: Sequence[Path],
	staging: Staging,
	wishes: Wishes,
	connection: sqlite3.Connection | None,
	progress: Progress | None,
) -> list[FileSummary]:
	problems, files = InputProblems(), []
	for path in paths:
		_refuse_known(path, connection)
		reader = FileReader(path, staging, wishes.settings, problems)
		files.append(reader.read((lambda rows: progress("read", rows)) if progress else None))
	known: dict[str, Path] = {}
	for summary in files:
		if summary.digest and known.setdefault(summary.digest, summary.path) != summary.path:
			problems.add(
				InputProblem(
					summary.path.name, _("is the same file as {0}.").format(known[summary.digest].name)
				)
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
			_("{0} was already imported as {1} on {2}. Nothing was changed.").format(
				path.name, row[0], row[1]
			)
		)


class _Loader:
	"""Books what was staged, in one transaction."""

	def __init__(
		self,
		staging: Staging,
		connection: sqlite3.Connection,
		checker: Checker,
		existed: bool,
		progress: Progress | None,
	):
		self.staging, self.connection, self.checker = staging, connection, checker
		self.existed, self.progress = existed, progress
		self.writer = ledger_file.StoreWriter(connection)
		self._left: dict[str, list[Decimal]] = {}
		self._has_terms = next(staging.rows("select 1 from term limit 1"), None) is not None
		self._done = 0

	def load(self, files: Sequence[FileSummary]) -> int:
		"""Book everything; return the number of customers."""
		connection = self.connection
		connection.execute("begin immediate")
		try:
			if self.existed and self.staging.invoices + self.staging.payments > _MANY:
				ledger_file.drop_indexes(connection)
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
			ledger_file.make_indexes(connection)
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
			self.poster.add_customer(CustomerMaster(name, customer_name, currency, group, territory))
			count += 1
		return count

	def _invoices(self) -> Iterator[InvoiceDocument]:
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
			yield InvoiceDocument(
				name, company, customer, date.fromisoformat(day), due_date, *money,
				net_amount=as_money(net) if net else None,
				account_currency=account_currency or None,
				terms=terms or (DocumentTerm(due_date, money[2]),),
				return_against=against,
				pays_original=bool(pays_original),
				paid_at_counter=as_money(counter),
				dispute=remarks or None,
			)  # fmt: skip

	def _terms(self, invoice: str) -> tuple[DocumentTerm, ...]:
		rows = self.staging.rows(
			"select due, amount, term from term where invoice = ? order by seq", (invoice,)
		)
		return tuple(
			DocumentTerm(date.fromisoformat(due), as_money(amount), term or None)
			for due, amount, term in rows
		)

	def _payments(self) -> Iterator[PaymentDocument]:
		sql = """
select name, customer, company, day, currency, rate, amount, base, refund, mode from payment order by day, seq"""
		for name, customer, company, day, currency, rate, amount, base, refund, mode in self.staging.rows(
			sql
		):
			money = self.checker.money(self.checker.companies[company], currency, rate, amount, base)
			foreign = money[0] != self.checker.companies[company].currency
			yield PaymentDocument(
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
