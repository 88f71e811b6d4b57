"""Random ledgers, seeded, made through ERPNext's own documents: what the parity test compares on.

	ledger = RandomLedger(seed=1, today=date.today()).build()

Each seed has customers of its own, each living a different mixture of what happens between two companies. Every
step is valid in ERPNext, so a step that fails fails the test. `steps` counts what was done, by name.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.model.document import Document
from frappe.utils import flt, getdate

from tests.bench import factories as f

DAYS = 320
HOME, ABROAD = "Ledger Test Company", "Second Test Company"


@dataclass
class Party:
	"""A customer as one company sees it, and its documents that later steps may settle, change or undo."""

	name: str
	company: str
	account: str
	account_currency: str
	invoice_currency: str
	invoices: list[Document] = field(default_factory=list)
	payments: list[Document] = field(default_factory=list)
	notes: list[Document] = field(default_factory=list)
	bills: list[Document] = field(default_factory=list)

	@property
	def base(self) -> str:
		"""The company's currency."""
		return frappe.get_cached_value("Company", self.company, "default_currency")


class RandomLedger:
	"""Builds the ledger of one seed. Dates run over the last DAYS days before *today*."""

	def __init__(self, seed: int, today: date, steps_per_customer: int = 3):
		self.random = random.Random(seed)
		self.seed = seed
		self.today = today
		self.steps_per_customer = steps_per_customer
		self.steps: Counter[str] = Counter()
		self.parties: list[Party] = []
		self.templates = make_templates()

	@property
	def dates(self) -> list[date]:
		"""The as-of dates: early, in the middle, and today."""
		return [self.today - timedelta(days=200), self.today - timedelta(days=90), self.today]

	@property
	def customers(self) -> list[str]:
		"""Names of this seed's customers, as they are called at the end."""
		return sorted({party.name for party in self.parties})

	def build(self) -> "RandomLedger":
		"""Make the customers and let things happen to them, each kind of thing at least once."""
		self._make_parties()
		for party in self.parties:
			for _ in range(self.steps_per_customer):
				# Not every step suits a customer at every time.
				any(
					self._do(step, party)
					for step in self.random.choices(list(STEPS), list(STEPS.values()), k=4)
				)
		for step in STEPS:
			for party in self.random.sample(self.parties, len(self.parties)):
				if self.steps[step]:
					break
				self._do(step, party)
		for step in STEPS:
			if not self.steps[step]:
				party = self.parties[0]
				self._add(party, due_in=30)
				self.advance(party)
				self._do(step, party)
		missing = [step for step in STEPS if not self.steps[step]]
		if missing:
			raise AssertionError(f"seed {self.seed}: nothing to do for {', '.join(missing)}")
		self._revalue()
		self._merge_and_rename()
		return self

	def _make_parties(self) -> None:
		for company in (HOME, ABROAD):
			f.make_company(company)
		allow = "allow_multi_currency_invoices_against_single_party_account"
		frappe.db.set_single_value("Accounts Settings", allow, 1)
		export = f.make_receivable(HOME, "USD", "Debtors Export")
		home, abroad = f.make_receivable(HOME), f.make_receivable(ABROAD)
		dollars, euros = f.make_receivable(ABROAD, "USD"), f.make_receivable(HOME, "EUR")
		kinds = [
			("Ada", HOME, home, "USD", "USD"),
			("Bob", HOME, home, "USD", "USD"),
			("Cleo", HOME, euros, "EUR", "EUR"),
			("Dora", HOME, home, "USD", "EUR"),
			("Emil", ABROAD, abroad, "EUR", "EUR"),
			("Fritz", ABROAD, dollars, "USD", "USD"),
			("Ada", ABROAD, abroad, "EUR", "EUR"),
			("Gina", HOME, home, "USD", "USD"),
			("Hugo", HOME, home, "USD", "USD"),
		]
		for name, company, account, account_currency, invoice_currency in kinds:
			customer = f.make_customer(f"{name} {self.seed}")
			self.parties.append(Party(customer.name, company, account, account_currency, invoice_currency))
			if account not in (home, abroad):
				customer.default_currency = account_currency
				customer.append("accounts", {"company": company, "account": account})
				customer.save()
		self.export = export
		# ERPNext allows one internal customer per company: the seeds share it.
		name = "Internal Customer"
		if not frappe.db.exists("Customer", name):
			customer = f.make_customer(name, is_internal_customer=1, represents_company=ABROAD)
			customer.append("companies", {"company": HOME})
			customer.save()
		self.parties.append(Party(name, HOME, home, "USD", "USD"))

	def _do(self, step: str, party: Party) -> bool:
		"""Do the step unless the customer has nothing for it; return whether it was done."""
		done = getattr(self, step)(party) is not False
		self.steps[step] += done
		return done

	# what may happen

	def invoice(self, party: Party) -> None:
		"""A plain invoice, sometimes rounded, sometimes to another receivable account."""
		fields = {"disable_rounded_total": self.random.randint(0, 1)}
		if (
			party.account_currency == party.invoice_currency == "USD"
			and party.company == HOME
			and self.random.random() < 0.3
		):
			fields["debit_to"] = self.export
		self._add(party, due_in=self.random.choice((0, 10, 30, 60)), **fields)

	def invoice_in_terms(self, party: Party) -> None:
		"""An invoice with several due dates."""
		portions = self.random.choice(([50, 50], [30, 30, 40], [33.33, 33.33, 33.34], [10, 90]))
		days = sorted(self.random.sample(range(0, 120, 5), len(portions)))
		self._add(party, terms=list(zip(days, portions, strict=True)))

	def invoice_by_template(self, party: Party) -> None:
		"""An invoice whose payments are allocated to named terms."""
		self._add(party, template=self.random.choice(self.templates))

	def pay_invoice(self, party: Party) -> bool | None:
		"""A payment for one or two invoices, perhaps with something left over, perhaps dated before them."""
		chosen = self._open(party)[: self.random.choice((1, 1, 2))]
		chosen = [c for c in chosen if c.debit_to == chosen[0].debit_to and not _by_terms(c)]
		if not chosen:
			return False
		against = [(inv, self._part(inv.outstanding_amount)) for inv in chosen]
		over = self._amount(50) if self.random.random() < 0.3 else 0
		amount = flt(sum(a for _inv, a in against) + over, 2)
		day = max(self._after(inv) for inv in chosen)
		if self.random.random() < 0.15:
			day = min(inv.posting_date for inv in chosen) - timedelta(days=self.random.randint(1, 30))
		deductions = ()
		if self.random.random() < 0.2 and not over:
			deductions = [(f.make_expense_account(party.company), 1.25)]
		self._pay(party, amount, day, against, chosen[0].debit_to, deductions=deductions)

	def pay_as_proposed(self, party: Party) -> bool | None:
		"""The payment ERPNext proposes: by term where the template says so, less discounts for early payment."""
		chosen = self._open(party)
		chosen = [c for c in chosen if _by_terms(c)] or chosen
		if not chosen:
			return False
		invoice = chosen[0]
		day = self._after(invoice, self.random.choice((3, 90)))
		payment = get_payment_entry(invoice.doctype, invoice.name, reference_date=day)
		payment.update({"posting_date": day, "reference_no": "proposed", "reference_date": day})
		if not payment.deductions and len(payment.references) > 1 and self.random.random() < 0.7:
			kept = payment.references[0]
			kept.allocated_amount = self._part(kept.allocated_amount)
			payment.references = [kept]
			rate = payment.source_exchange_rate
			payment.paid_amount = kept.allocated_amount
			payment.received_amount = flt(
				kept.allocated_amount * rate / (payment.target_exchange_rate or 1), 2
			)
		payment.insert()
		payment.submit()
		party.payments.append(payment)

	def advance(self, party: Party) -> None:
		"""A payment with nothing to settle."""
		self._pay(party, self._amount(), self._day(), ())

	def order_with_advance(self, party: Party) -> bool | None:
		"""A payment against an order; most orders are billed later, drawing the advance in."""
		amount = self._amount()
		day = self._day(DAYS - 60)
		order = f.make_order(
			party.name, amount, day, party.company, currency=party.invoice_currency, rate=self._rate(party)
		)
		advance = self._in_account(party, amount, order.conversion_rate)
		self._pay(party, self._part(advance), day + timedelta(days=2), [(order, None)])
		if self.random.random() < 0.7:
			invoice = f.bill_order(
				order,
				day + timedelta(days=self.random.randint(5, 40)),
				allocate_advances_automatically=1,
				only_include_allocated_payments=self.random.randint(0, 1),
				payment_schedule=[],
			)
			party.invoices.append(invoice)

	def credit_note(self, party: Party) -> bool | None:
		"""A credit note that settles its invoice or stands for itself."""
		chosen = [inv for inv in self._open(party) if not inv.is_pos]
		if not chosen:
			return False
		original = chosen[0]
		note = f.make_credit_note(
			original.name,
			flt(original.grand_total * self.random.choice((0.1, 0.25, 0.4)), 2),
			self._after(original),
			for_self=self.random.random() < 0.5,
		)
		if note.outstanding_amount < 0:
			party.notes.append(note)

	def credit_note_for_nothing(self, party: Party) -> None:
		"""A credit note that names no invoice."""
		day = self._day()
		note = f.make_invoice(
			party.name,
			self._amount(80),
			day,
			party.company,
			due_date=day,
			currency=party.invoice_currency,
			rate=self._rate(party),
			debit_to=party.account,
			submit=False,
		)
		note.is_return = 1
		note.update_outstanding_for_self = 1
		note.payment_schedule = []
		for item in note.items:
			item.qty = -1
		note.save()
		party.notes.append(note.submit())

	def refund(self, party: Party) -> bool | None:
		"""Money back for a credit note of its own."""
		chosen = [note for note in self._reloaded(party.notes) if note.outstanding_amount < 0]
		if not chosen:
			return False
		note = chosen[0]
		self._pay(
			party,
			note.outstanding_amount,
			self._after(note),
			[(note, note.outstanding_amount)],
			note.debit_to,
		)

	def refund_of_nothing(self, party: Party) -> None:
		"""Money back without a reason given."""
		self._pay(party, -self._amount(30), self._day(), ())

	def journal_charge(self, party: Party) -> None:
		"""A journal that charges the customer, as a bill with a due date or without."""
		day, amount = self._day(), self._amount()
		fields = {}
		if self.random.random() < 0.5:
			fields = {"bill_no": f"B{self.random.randint(1, 999)}", "due_date": day + timedelta(days=20)}
		party.bills.append(self._journal(party, amount, day, **fields))

	def journal_credit(self, party: Party) -> bool | None:
		"""A journal in the customer's favour, against an invoice, a bill of before, or nothing."""
		day, against, amount = self._day(), None, self._amount(40)
		chosen = self._open(party)
		account = party.account
		if chosen and self.random.random() < 0.6:
			against = chosen[0]
			account = against.debit_to
			amount, day = self._part(against.outstanding_amount), self._after(against)
		elif party.bills:
			against = party.bills.pop()
			row = against.accounts[0]
			amount, day = self._part(row.debit_in_account_currency), self._after(against)
		self._journal(party, -amount, day, against, account=account)

	def journal_between(self, party: Party) -> bool | None:
		"""A journal that moves a balance to another customer."""
		others = [p for p in self.parties if p.account == party.account and p is not party]
		if not others:
			return False
		amount, rate = self._amount(60), self._rate(party)
		f.make_journal(
			[
				{"account": party.account, "credit": amount, "customer": party.name, "rate": rate},
				{"account": party.account, "debit": amount, "customer": others[0].name, "rate": rate},
			],
			self._day(),
			party.company,
		)

	def opening_invoice(self, party: Party) -> None:
		"""An invoice from before ERPNext."""
		day = self._day()
		party.invoices.append(
			f.make_opening_invoice(
				party.name,
				self._amount(),
				day,
				party.company,
				due_date=day + timedelta(days=15),
				currency=party.invoice_currency,
				rate=self._rate(party),
				debit_to=party.account,
			)
		)

	def counter_sale(self, party: Party) -> bool | None:
		"""A sale at the counter, paid in full or in part, in the company's own currency."""
		if not party.base == party.account_currency == party.invoice_currency:
			return False
		amount = self._amount(60)
		paid = amount if self.random.random() < 0.5 else flt(amount / 2, 2)
		party.invoices.append(f.make_pos_invoice(party.name, amount, self._day(), paid, party.company))
		return None

	def cancel(self, party: Party) -> bool | None:
		"""A payment, or else an invoice nothing refers to, is cancelled."""
		if party.payments and self.random.random() < 0.6:
			payment = party.payments.pop()
			payment.reload()
			if payment.docstatus == 1 and not _is_advance(payment):
				payment.cancel()
				return None
		free = [inv for inv in self._reloaded(party.invoices) if _untouched(inv)]
		if not free:
			return False
		free[0].cancel()
		return None

	def amend(self, party: Party) -> bool | None:
		"""An invoice nothing refers to is cancelled and made again over another amount."""
		free = [
			inv
			for inv in self._reloaded(party.invoices)
			if _untouched(inv) and not inv.is_pos and not inv.items[0].sales_order
		]
		if not free:
			return False
		invoice = free[0]
		invoice.cancel()
		amended = frappe.copy_doc(invoice)
		amended.amended_from = invoice.name
		amended.docstatus = 0
		amended.set_posting_time = 1
		amended.posting_date = invoice.posting_date
		if not amended.payment_terms_template:
			amended.payment_schedule = []
		amended.items[0].rate = self._amount()
		amended.insert()
		party.invoices.append(amended.submit())

	def reconcile(self, party: Party) -> bool | None:
		"""The Payment Reconciliation tool settles the oldest invoice with the oldest payment."""
		tool = frappe.get_doc("Payment Reconciliation")
		tool.update(
			{
				"company": party.company,
				"party_type": "Customer",
				"party": party.name,
				"receivable_payable_account": party.account,
			}
		)
		tool.get_unreconciled_entries()
		if not tool.payments or not tool.invoices:
			return False
		payments, invoices = [tool.payments[0].as_dict()], [tool.invoices[0].as_dict()]
		tool.allocate_entries({"payments": payments, "invoices": invoices})
		loss = frappe.get_cached_value("Company", party.company, "exchange_gain_loss_account")
		for row in tool.allocation:
			row.difference_account = row.difference_account or loss
		tool.reconcile()

	def unreconcile(self, party: Party) -> bool | None:
		"""A payment is taken off the invoices it settled."""
		chosen = [
			p
			for p in self._reloaded(party.payments)
			if p.docstatus == 1
			and p.payment_type == "Receive"
			and p.references
			and all(r.reference_doctype == "Sales Invoice" and not r.payment_term for r in p.references)
		]
		if not chosen:
			return False
		undo = frappe.get_doc(
			{
				"doctype": "Unreconcile Payment",
				"company": party.company,
				"voucher_type": "Payment Entry",
				"voucher_no": chosen[0].name,
			}
		)
		undo.add_references()
		if not undo.allocations:
			return False
		undo.insert()
		undo.submit()
		return None

	# at the end, once

	def _revalue(self) -> None:
		"""Revalue the customers with an account in another currency, by ERPNext's own tool."""
		for company in (HOME, ABROAD):
			tool = frappe.new_doc("Exchange Rate Revaluation")
			day = self.today - timedelta(days=self.random.randint(5, 60))
			tool.update({"company": company, "posting_date": day, "rounding_loss_allowance": 0.05})
			tool.fetch_and_calculate_accounts_data()
			tool.accounts = [row for row in tool.accounts if row.party in self.customers]
			for row in tool.accounts:
				row.new_exchange_rate = flt(row.new_exchange_rate * self.random.uniform(0.9, 1.1), 4)
				row.new_balance_in_base_currency = flt(
					row.balance_in_account_currency * row.new_exchange_rate, 2
				)
				row.gain_loss = flt(row.new_balance_in_base_currency - row.balance_in_base_currency, 2)
			if not [row for row in tool.accounts if row.gain_loss]:
				continue
			tool.insert()
			tool.submit()
			for journal in filter(None, tool.make_jv_entries().values()):
				frappe.get_doc("Journal Entry", journal).submit()
				self.steps["revaluation"] += 1

	def _merge_and_rename(self) -> None:
		"""Two customers become one; another gets a new name."""
		by_name = {party.name.split()[0]: party for party in self.parties}
		gina, hugo, bob = by_name["Gina"], by_name["Hugo"], by_name["Bob"]
		frappe.rename_doc("Customer", hugo.name, gina.name, merge=True, force=True)
		self.parties.remove(hugo)
		new = f"Robert {self.seed}"
		frappe.rename_doc("Customer", bob.name, new, force=True)
		bob.name = new
		self.steps.update(["merge", "rename"])

	# how

	def _add(self, party: Party, due_in: int | None = None, **fields) -> None:
		day = self._day()
		if due_in is not None:
			fields["due_date"] = day + timedelta(days=due_in)
		fields.setdefault("debit_to", party.account)
		party.invoices.append(
			f.make_invoice(
				party.name,
				self._amount(),
				day,
				party.company,
				currency=party.invoice_currency,
				rate=self._rate(party),
				**fields,
			)
		)

	def _pay(
		self, party: Party, amount: float, day: date, against, account: str | None = None, **fields
	) -> None:
		rows = [(document, amount if allocated is None else allocated) for document, allocated in against]
		rate = (
			1 if party.account_currency == party.base else self._rate_of(party.account_currency, party.base)
		)
		party.payments.append(
			f.make_payment(
				party.name,
				flt(amount, 2),
				min(day, self.today),
				party.company,
				rows,
				rate,
				account or party.account,
				**fields,
			)
		)

	def _journal(
		self,
		party: Party,
		amount: float,
		day: date,
		against: Document | None = None,
		account: str | None = None,
		**fields,
	) -> Document:
		"""Charge the customer (or credit it, amount below zero) in a journal."""
		rate = self._rate_of(party.account_currency, party.base)
		if against and against.doctype == "Sales Invoice" and party.account_currency != party.base:
			rate = against.conversion_rate  # the only one ERPNext takes
		other = f.make_expense_account(party.company)
		base = flt(abs(amount) * rate, 2)
		own, opposite = ("debit", "credit") if amount > 0 else ("credit", "debit")
		row = {"account": account or party.account, own: abs(amount), "customer": party.name, "rate": rate}
		if against:
			row["against"] = against
		return f.make_journal(
			[row, {"account": other, opposite: base}], min(day, self.today), party.company, **fields
		)

	def _open(self, party: Party) -> list[Document]:
		found = [
			inv for inv in self._reloaded(party.invoices) if inv.docstatus == 1 and inv.outstanding_amount > 1
		]
		self.random.shuffle(found)
		return found

	def _reloaded(self, documents: list[Document]) -> list[Document]:
		for document in documents:
			document.reload()
		return list(documents)

	def _day(self, oldest: int = DAYS) -> date:
		return self.today - timedelta(days=self.random.randint(3, oldest))

	def _after(self, document: Document, days: int = 120) -> date:
		return min(getdate(document.posting_date) + timedelta(days=self.random.randint(0, days)), self.today)

	def _amount(self, most: int = 900) -> float:
		return flt(self.random.uniform(10, most), 2)

	def _part(self, amount: float) -> float:
		return flt(amount if self.random.random() < 0.4 else amount * self.random.uniform(0.2, 0.9), 2)

	def _rate_of(self, currency: str, base: str) -> float:
		if currency == base:
			return 1.0
		return round(f.exchange_rate(currency, base) * self.random.uniform(0.9, 1.1), 4)

	def _rate(self, party: Party) -> float:
		return self._rate_of(party.invoice_currency, party.base)

	def _in_account(self, party: Party, amount: float, rate: float) -> float:
		return amount if party.invoice_currency == party.account_currency else flt(amount * rate, 2)


STEPS = {
	"invoice": 6,
	"invoice_in_terms": 5,
	"invoice_by_template": 4,
	"pay_invoice": 6,
	"pay_as_proposed": 5,
	"advance": 2,
	"order_with_advance": 2,
	"credit_note": 4,
	"credit_note_for_nothing": 1,
	"refund": 1,
	"refund_of_nothing": 1,
	"journal_charge": 1,
	"journal_credit": 3,
	"journal_between": 1,
	"opening_invoice": 1,
	"counter_sale": 1,
	"cancel": 1,
	"amend": 1,
	"reconcile": 3,
	"unreconcile": 1,
}


def make_templates() -> list[str]:
	"""Return payment terms templates: allocated by term, with discounts for early payment, and neither."""
	return [
		f.make_terms_template("Random Thirds", [(10, 33.33), (40, 33.33), (80, 33.34)], allocate=True).name,
		f.make_terms_template("Random Halves", [(20, 50), (60, 50)], allocate=True).name,
		f.make_terms_template("Random Discount", [(45, 100)], allocate=True, discount=(2, 10)).name,
		f.make_terms_template("Random Plain", [(15, 40), (75, 60)]).name,
	]


def _by_terms(invoice: Document) -> bool:
	return bool(
		invoice.payment_terms_template
		and frappe.get_cached_value(
			"Payment Terms Template",
			invoice.payment_terms_template,
			"allocate_payment_based_on_payment_terms",
		)
	)


def _is_advance(payment: Document) -> bool:
	return any(row.reference_doctype != "Sales Invoice" for row in payment.references)


def _untouched(invoice: Document) -> bool:
	"""True while no payment, credit note or journal refers to the invoice."""
	return (
		invoice.docstatus == 1
		and not invoice.is_return
		and not frappe.db.exists("Sales Invoice", {"return_against": invoice.name, "docstatus": ("!=", 2)})
		and not frappe.db.exists(
			"Payment Ledger Entry",
			{"against_voucher_no": invoice.name, "voucher_no": ("!=", invoice.name), "delinked": 0},
		)
	)
