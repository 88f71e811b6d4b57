"""A history as rows of ERPNext's tables: only columns that reports read, all others keep their defaults.

Each function yields tuples for one table; COLUMNS names their columns. A row begins with its name and its date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from benchmarks.history import (
	JOURNAL_ENTRY,
	PAYMENT_ENTRY,
	SALES_INVOICE,
	SALES_ORDER,
	History,
	Order,
	Voucher,
)

Row = tuple
NULL = None


@dataclass(frozen=True)
class Names:
	"""What the site calls the masters the rows refer to."""

	company: str
	currency: str
	foreign_currency: str
	debtors: str
	foreign_debtors: str
	bank: str
	income: str
	write_off: str
	exchange: str
	cost_center: str
	item: str
	territory: str
	customer_group: str

	def account(self, foreign: bool) -> str:
		"""Return the receivable account of a customer."""
		return self.foreign_debtors if foreign else self.debtors

	def account_currency(self, foreign: bool) -> str:
		"""Return the currency of a customer's receivable account."""
		return self.foreign_currency if foreign else self.currency


COLUMNS = {
	"Customer": "customer_name naming_series customer_type customer_group territory default_currency language",
	"Party Account": "parent parenttype parentfield idx company account",
	"Sales Invoice": """posting_date due_date customer customer_name title company currency conversion_rate
		total net_total grand_total rounded_total base_total base_net_total base_grand_total base_rounded_total
		outstanding_amount debit_to party_account_currency is_return return_against update_outstanding_for_self
		status naming_series territory customer_group is_opening cost_center price_list_currency
		plc_conversion_rate language""",
	"Sales Invoice Item": """parent parenttype parentfield idx item_code item_name description item_group
		qty stock_qty uom stock_uom conversion_factor rate amount base_rate base_amount net_rate net_amount
		base_net_rate base_net_amount income_account cost_center""",
	"Payment Schedule": """parent parenttype parentfield idx due_date invoice_portion payment_amount outstanding
		base_payment_amount base_outstanding""",
	"Payment Entry": """posting_date naming_series payment_type company party_type party party_name paid_from
		paid_from_account_currency paid_to paid_to_account_currency paid_amount base_paid_amount received_amount
		base_received_amount source_exchange_rate target_exchange_rate total_allocated_amount
		base_total_allocated_amount unallocated_amount status reference_no reference_date title is_opening""",
	"Payment Entry Reference": """parent parenttype parentfield idx reference_doctype reference_name
		total_amount outstanding_amount allocated_amount exchange_rate exchange_gain_loss account""",
	"Journal Entry": """posting_date naming_series voucher_type company total_debit total_credit multi_currency
		is_system_generated title is_opening""",
	"Journal Entry Account": """parent parenttype parentfield idx account account_currency exchange_rate party_type
		party debit_in_account_currency debit credit_in_account_currency credit reference_type reference_name
		is_advance cost_center""",
	"Payment Ledger Entry": """posting_date company account_type account party_type party due_date voucher_type
		voucher_no against_voucher_type against_voucher_no amount account_currency amount_in_account_currency""",
	"GL Entry": """posting_date fiscal_year account account_currency against party_type party voucher_type
		voucher_no voucher_subtype against_voucher_type against_voucher debit credit debit_in_account_currency
		credit_in_account_currency debit_in_transaction_currency credit_in_transaction_currency
		transaction_currency transaction_exchange_rate cost_center company is_opening is_advance to_rename""",
	"Sales Order": """transaction_date delivery_date customer customer_name title company currency conversion_rate
		total net_total grand_total rounded_total base_total base_net_total base_grand_total base_rounded_total
		advance_paid per_billed per_delivered status billing_status delivery_status order_type naming_series
		territory customer_group party_account_currency""",
	"Sales Order Item": """parent parenttype parentfield idx item_code item_name description item_group qty
		stock_qty uom stock_uom conversion_factor rate amount base_rate base_amount net_rate net_amount
		base_net_rate base_net_amount delivery_date""",
	"Delivery Note": """posting_date customer customer_name title company currency conversion_rate total net_total
		grand_total rounded_total base_total base_net_total base_grand_total base_rounded_total per_billed status
		naming_series territory customer_group""",
	"Delivery Note Item": """parent parenttype parentfield idx item_code item_name description item_group qty
		stock_qty uom stock_uom conversion_factor rate amount base_rate base_amount net_rate net_amount
		base_net_rate base_net_amount""",
}
# What only some versions of ERPNext have.
OPTIONAL = frozenset({"title"})
STANDARD = ("name", "creation", "modified", "owner", "modified_by", "docstatus")
SERIES = {SALES_INVOICE: "CLB-SINV", PAYMENT_ENTRY: "CLB-PAY", JOURNAL_ENTRY: "CLB-JV"}


def columns(doctype: str) -> list[str]:
	"""Return the columns of a table's rows, the standard ones first."""
	return [*STANDARD, *COLUMNS[doctype].split()]


class Tables:
	"""Writes the rows of one history, under the names of one site."""

	def __init__(self, history: History, names: Names):
		self.history, self.names = history, names
		self.dates: dict[int, str] = {}
		self._name_vouchers()

	def _name_vouchers(self) -> None:
		"""Number every voucher in the order of its date, as a site would have."""
		counts: dict[str, int] = {}
		for n, order in enumerate(self.history.orders, 1):
			order.name = f"CLB-SO-{n:06d}"
		for voucher in self.history.vouchers:
			counts[voucher.kind] = n = counts.get(voucher.kind, 0) + 1
			year = self.day(voucher.day)[:4]
			voucher.name = f"{SERIES[voucher.kind]}-{year}-{n:07d}"
			if voucher.kind == SALES_INVOICE and not voucher.subtype:
				voucher.invoice.name = voucher.name

	def day(self, ordinal: int) -> str:
		"""Return a day as ISO text."""
		if (text := self.dates.get(ordinal)) is None:
			text = self.dates[ordinal] = date.fromordinal(ordinal).isoformat()
		return text

	def rows(self, doctype: str) -> Iterator[Row]:
		"""Yield the rows of one table."""
		return getattr(self, "_" + doctype.lower().replace(" ", "_"))()

	def _of(self, kind: str) -> Iterable[Voucher]:
		return (voucher for voucher in self.history.vouchers if voucher.kind == kind)

	def _start(self, name: str, ordinal: int, docstatus: int = 1) -> Row:
		"""Return the standard columns: made at ten in the morning by the administrator, and submitted."""
		at = f"{self.day(ordinal)} 10:00:00"
		return (name, at, at, "Administrator", "Administrator", docstatus)

	def _customer(self) -> Iterator[Row]:
		names, first = self.names, self.history.until.toordinal()
		for customer in self.history.customers:
			currency = names.account_currency(customer.foreign)
			group, territory = names.customer_group, names.territory
			yield (
				*self._start(customer.name, first, 0),
				customer.name,
				"CUST-.YYYY.-",
				"Company",
				group,
				territory,
				currency,
				"en",
			)

	def _party_account(self) -> Iterator[Row]:
		first = self.history.until.toordinal()
		for n, customer in enumerate(self.history.customers):
			if customer.foreign:
				parent = (customer.name, "Customer", "accounts", 1)
				yield (
					*self._start(f"B{n:09d}", first, 0),
					*parent,
					self.names.company,
					self.names.foreign_debtors,
				)

	def _sales_invoice(self) -> Iterator[Row]:
		names = self.names
		for voucher in self._of(SALES_INVOICE):
			customer, line = voucher.customer, voucher.lines[0]
			currency, account = names.account_currency(customer.foreign), names.account(customer.foreign)
			rate = _rate(line.cents, line.base, voucher)
			due, outstanding, returns, for_self, status = self._invoice_state(voucher)
			amount, base = _money(line.cents), _money(line.base)
			yield (
				*self._start(voucher.name, voucher.day),
				*(self.day(voucher.day), self.day(due), customer.name, customer.name, customer.name),
				*(names.company, currency, rate, amount, amount, amount, amount, base, base, base, base),
				*(_money(outstanding), account, currency, int(bool(voucher.subtype)), returns, for_self),
				*(status, "CLB-SINV-.YYYY.-", names.territory, names.customer_group, "No", names.cost_center),
				*(currency, 1, "en"),
			)

	def _invoice_state(self, voucher: Voucher) -> tuple[int, int, str | None, int, str]:
		"""Return due date, what is open, the invoice returned, whether a note stands for itself, and the status."""
		invoice, line = voucher.invoice, voucher.lines[0]
		if not voucher.subtype:
			is_open, until = invoice.outstanding, self.history.until.toordinal()
			due = invoice.dues[-1][0]
			late = "Overdue" if due < until else "Unpaid" if is_open == invoice.cents else "Partly Paid"
			return due, is_open, NULL, 1, late if is_open else "Paid"
		if invoice:
			return voucher.day, 0, invoice.name, 0, "Return"
		return voucher.day, line.cents, NULL, 1, "Return"

	def _sales_invoice_item(self) -> Iterator[Row]:
		for n, voucher in enumerate(self._of(SALES_INVOICE)):
			line = voucher.lines[0]
			item = self._item(line.cents, line.base, -1 if line.cents < 0 else 1)
			parent = (voucher.name, SALES_INVOICE, "items", 1)
			end = (self.names.income, self.names.cost_center)
			yield *self._start(f"B{n:09d}", voucher.day), *parent, *item, *end

	def _item(self, cents: int, base: int, qty: int) -> Row:
		item, unit = self.names.item, "Nos"
		rate, base_rate, amount, base_amount = (_money(v) for v in (abs(cents), abs(base), cents, base))
		what = (item, item, item, "Services", qty, qty, unit, unit, 1)
		return *what, rate, amount, base_rate, base_amount, rate, amount, base_rate, base_amount

	def _payment_schedule(self) -> Iterator[Row]:
		n = 0
		for voucher in self._of(SALES_INVOICE):
			if voucher.subtype:
				continue
			invoice, base_left = voucher.invoice, voucher.lines[0].base
			for idx, (due, cents) in enumerate(invoice.dues, 1):
				base = base_left if idx == len(invoice.dues) else round(cents * invoice.rate)
				base_left -= base
				n += 1
				parent = (voucher.name, SALES_INVOICE, "payment_schedule", idx, self.day(due))
				amounts = (_money(cents), _money(cents), _money(base), _money(base))
				portion = round(100 * cents / invoice.cents, 6)
				yield *self._start(f"B{n:09d}", voucher.day), *parent, portion, *amounts

	def _payment_entry(self) -> Iterator[Row]:
		names = self.names
		for voucher in self._of(PAYMENT_ENTRY):
			customer, day = voucher.customer, self.day(voucher.day)
			cents, base = -sum(i.cents for i in voucher.lines), -sum(i.base for i in voucher.lines)
			allocated = [line for line in voucher.lines if line.against is not None]
			done, base_done = -sum(i.cents for i in allocated), -sum(i.base for i in allocated)
			currency, account = names.account_currency(customer.foreign), names.account(customer.foreign)
			yield (
				*self._start(voucher.name, voucher.day),
				*(day, "CLB-PAY-.YYYY.-", "Receive", names.company, "Customer", customer.name, customer.name),
				*(account, currency, names.bank, names.currency, _money(cents), _money(base), _money(base)),
				*(
					_money(base),
					round(base / cents, 9),
					1,
					_money(done),
					_money(base_done),
					_money(cents - done),
				),
				*("Submitted", voucher.name, day, customer.name, "No"),
			)

	def _payment_entry_reference(self) -> Iterator[Row]:
		n = 0
		for voucher in self._of(PAYMENT_ENTRY):
			account = self.names.account(voucher.customer.foreign)
			for idx, line in enumerate(voucher.lines, 1):
				if line.against is None:
					continue
				n += 1
				doctype, name = _against(voucher, line)
				parent = (voucher.name, PAYMENT_ENTRY, "references", idx, doctype, name)
				rate = getattr(line.against, "rate", 1.0)
				gain = _money(-line.base - round(-line.cents * rate))
				total, paid = _money(line.against.cents), _money(-line.cents)
				yield *self._start(f"B{n:09d}", voucher.day), *parent, total, paid, paid, rate, gain, account

	def _journal_entry(self) -> Iterator[Row]:
		for voucher in self._of(JOURNAL_ENTRY):
			total = _money(abs(voucher.lines[0].base))
			own = voucher.subtype == "Exchange Gain Or Loss"
			yield (
				*self._start(voucher.name, voucher.day),
				*(self.day(voucher.day), "CLB-JV-.YYYY.-", voucher.subtype, self.names.company, total, total),
				*(int(voucher.customer.foreign), int(own), voucher.customer.name, "No"),
			)

	def _journal_entry_account(self) -> Iterator[Row]:
		names, n = self.names, 0
		for voucher in self._of(JOURNAL_ENTRY):
			line, customer = voucher.lines[0], voucher.customer
			doctype, name = _against(voucher, line) if line.against is not None else (NULL, NULL)
			currency, account = names.account_currency(customer.foreign), names.account(customer.foreign)
			rate = round(line.base / line.cents, 9) if line.cents else 1
			rows = (
				(
					account,
					currency,
					rate,
					"Customer",
					customer.name,
					*_sides(line.cents, line.base),
					doctype,
					name,
				),
				(
					self._other(voucher),
					names.currency,
					1,
					NULL,
					NULL,
					*_sides(-line.base, -line.base),
					NULL,
					NULL,
				),
			)
			for idx, row in enumerate(rows, 1):
				n += 1
				parent = (voucher.name, JOURNAL_ENTRY, "accounts", idx)
				yield *self._start(f"B{n:09d}", voucher.day), *parent, *row, "No", names.cost_center

	def _other(self, voucher: Voucher) -> str:
		"""Return the account a voucher's amounts go to or come from."""
		if voucher.kind == SALES_INVOICE:
			return self.names.income
		if voucher.kind == PAYMENT_ENTRY:
			return self.names.bank
		return self.names.exchange if voucher.subtype == "Exchange Gain Or Loss" else self.names.write_off

	def _payment_ledger_entry(self) -> Iterator[Row]:
		names, n = self.names, 0
		for voucher in self.history.vouchers:
			customer, day = voucher.customer, self.day(voucher.day)
			currency, account = names.account_currency(customer.foreign), names.account(customer.foreign)
			for line in voucher.lines:
				n += 1
				own = voucher.kind == SALES_INVOICE and not voucher.subtype
				due = self.day(voucher.invoice.dues[-1][0]) if own else NULL
				yield (
					*self._start(f"B{n:09d}", voucher.day),
					*(day, names.company, "Receivable", account, "Customer", customer.name, due),
					*(voucher.kind, voucher.name, *_against(voucher, line)),
					*(_money(line.base), currency, _money(line.cents)),
				)

	def _gl_entry(self) -> Iterator[Row]:
		n = 0
		for voucher in self.history.vouchers:
			for row in self._postings(voucher):
				n += 1
				yield *self._start(f"B{n:09d}", voucher.day), *row

	def _postings(self, voucher: Voucher) -> Iterator[Row]:
		"""Yield the general ledger rows of a voucher: one per line, and one for the other side."""
		names, customer, day = self.names, voucher.customer, self.day(voucher.day)
		currency, account = names.account_currency(customer.foreign), names.account(customer.foreign)
		other, start = self._other(voucher), (day, day[:4])
		subtype = voucher.subtype if voucher.kind == JOURNAL_ENTRY else voucher.kind
		what = (voucher.kind, voucher.name, subtype)
		end = (names.cost_center, names.company, "No", "No", 0)
		for line in voucher.lines:
			rate = round(line.base / line.cents, 9) if line.cents else 1
			in_account, base = (line.cents, line.base)
			amounts = _ledger_sides(base, in_account)
			party = (account, currency, other, "Customer", customer.name)
			yield *start, *party, *what, *_against(voucher, line), *amounts, currency, rate, *end
		total = -sum(line.base for line in voucher.lines)
		bare = (other, names.currency, customer.name, NULL, NULL)
		yield *start, *bare, *what, NULL, NULL, *_ledger_sides(total, total), names.currency, 1, *end

	def _sales_order(self) -> Iterator[Row]:
		names = self.names
		advances = {
			id(line.against): -line.cents
			for voucher in self._of(PAYMENT_ENTRY)
			for line in voucher.lines
			if isinstance(line.against, Order)
		}
		for order in self.history.orders:
			amount, customer = _money(order.cents), order.customer.name
			advance = _money(advances.get(id(order), 0))
			yield (
				*self._start(order.name, order.day),
				*(self.day(order.day), self.day(order.day + 30), customer, customer, customer, names.company),
				*(names.currency, 1, *([amount] * 8), advance, 0, 0, "To Deliver and Bill", "Not Billed"),
				*(
					"Delivery Failed",
					"Sales",
					"CLB-SO-.YYYY.-",
					names.territory,
					names.customer_group,
					names.currency,
				),
			)

	def _sales_order_item(self) -> Iterator[Row]:
		for n, order in enumerate(self.history.orders):
			item = self._item(order.cents, order.cents, 1)
			parent = (order.name, SALES_ORDER, "items", 1)
			yield *self._start(f"B{n:09d}", order.day), *parent, *item, self.day(order.day + 30)

	def _delivery_note(self) -> Iterator[Row]:
		names = self.names
		for order in self._deliveries():
			amount, customer = _money(order.cents // 2), order.customer.name
			yield (
				*self._start(order.name.replace("SO", "DN"), order.day),
				*(self.day(order.day), customer, customer, customer, names.company, names.currency, 1),
				*([amount] * 8),
				*(0, "To Bill", "CLB-DN-.YYYY.-", names.territory, names.customer_group),
			)

	def _delivery_note_item(self) -> Iterator[Row]:
		for n, order in enumerate(self._deliveries()):
			item = self._item(order.cents // 2, order.cents // 2, 1)
			parent = (order.name.replace("SO", "DN"), "Delivery Note", "items", 1)
			yield *self._start(f"B{n:09d}", order.day), *parent, *item

	def _deliveries(self) -> list[Order]:
		"""Return every third order: as much again goes to that customer without an order, half of it each."""
		return self.history.orders[::3]


def _against(voucher: Voucher, line: object) -> tuple[str, str]:
	"""Return DocType and name of the voucher a line changes the balance of."""
	if line.against is None:
		return voucher.kind, voucher.name
	return SALES_ORDER if isinstance(line.against, Order) else SALES_INVOICE, line.against.name


def _rate(cents: int, base: int, voucher: Voucher) -> float:
	return voucher.invoice.rate if voucher.invoice else round(base / cents, 9)


def _sides(cents: int, base: int) -> Row:
	"""Return (debit in account currency, debit, credit in account currency, credit)."""
	if base > 0:
		return _money(cents), _money(base), 0, 0
	return 0, 0, _money(-cents), _money(-base)


def _ledger_sides(base: int, cents: int) -> Row:
	"""Return debit, credit, then both in account currency, then both in transaction currency."""
	if base > 0:
		amount = _money(cents)
		return _money(base), 0, amount, 0, amount, 0
	amount = _money(-cents)
	return 0, _money(-base), 0, amount, 0, amount


def _money(cents: int) -> float:
	return cents / 100
