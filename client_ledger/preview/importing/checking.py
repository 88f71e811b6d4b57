"""Checks what staged rows say of each other and of the store, before anything is booked."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from client_ledger.core.money import ZERO, as_money, rounded
from client_ledger.files.problems import InputProblem, InputProblems
from client_ledger.preview.i18n import _
from client_ledger.preview.importing import fields
from client_ledger.preview.importing.reader import FileSummary, Settings
from client_ledger.preview.importing.staging import Staging
from client_ledger.preview.problems import BadInput
from client_ledger.sample.documents import CompanyMaster

_TOLERANCE = Decimal("0.05")


@dataclass(slots=True)
class Wishes:
	"""What the user said on the command line. rates: company currency per unit, by currency."""

	settings: Settings = field(default_factory=Settings)
	currency: str = ""
	rates: dict[str, Decimal] = field(default_factory=dict)


class Checker:
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
		self.problems = InputProblems()
		self.notes: list[str] = []
		self.companies: dict[str, CompanyMaster] = {}

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
		self.problems.add(InputProblem(file, text, row, column, hint))

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
				text = _("{0} is already in the ledger.").format(name)
				hint = _("Omit it, or import everything into a new file (--db).")
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
				text = _("the payment refers to invoice {0}, which is not in any of the files.").format(name)
				self._problem(
					file, row, heading, text, _("Import the invoices too, in the same command or earlier.")
				)
			elif payer and payer != customer:
				text = _("invoice {0} belongs to customer {1}, not to {2}.").format(name, customer, payer)
				self._problem(file, row, heading, text)
			elif paid_to != company:
				text = _("invoice {0} belongs to company {1}, not to {2}.").format(name, company, paid_to)
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
						"Credit note {0} refers to {1}, which is not in any of the files; it is kept as an unallocated "
						"credit."
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
			text = _("the payment terms of {0} add up to {1} instead of {2}.").format(name, total, amount)
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
				self.companies[name] = CompanyMaster(*row)
			else:
				self.companies[name] = CompanyMaster(name, _abbr(name, taken), self._currency_of(name))

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
		text = _("there are several currencies ({0}); the company currency of {1} is not known.").format(
			", ".join(currency for currency, _par in rows), company
		)
		self._problem(
			file, row, self._heading(file, fields.INVOICES, "currency"), text, _("Specify --currency.")
		)
		return rows[0][0]

	def _rates(self, table: str, kind: str) -> None:
		"""Every amount in a foreign currency needs its rate, its company amount, or a rate given by hand."""
		sql = f"select file, row, currency, company from {table} where currency <> '' and rate is null and base is null"
		for file, row, currency, company in self.staging.rows(sql):
			own = self.companies[company].currency
			if currency != own and currency not in self.wishes.rates:
				text = _(
					"the amount is in {0}, the company currency of {1} is {2}, and there is no exchange rate."
				).format(currency, company, own)
				hint = _("Add a column Exchange Rate, or specify --rate {0}=RATE.").format(currency)
				self._problem(file, row, self._heading(file, kind, "currency"), text, hint)

	def money(
		self, company: CompanyMaster, currency: str, rate: str | None, amount: str, base: str | None
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
