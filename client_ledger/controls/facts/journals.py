"""Journal entries in customers' accounts as facts: money that came in, what was moved between customers, claims given up.

The accounts on the other side tell them apart: a bank or till, other customers, expenses and income. What settles invoices
without money (a credit note used up, a write-off, a difference of rates) is a receipt of no amount that nobody entered.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from sys import intern

import frappe
from frappe.query_builder import DocType
from pypika.queries import QueryBuilder

from client_ledger.controls.facts.imports import imported
from client_ledger.controls.facts.payers import read_payers
from client_ledger.controls.facts.receipts import advances
from client_ledger.controls.facts.settling import Settled, SettledBy, allocated
from client_ledger.controls.facts.versions import Signed, cancelled, signed
from client_ledger.controls.facts.window import FactWindow, by_name, cancelled_at, money
from client_ledger.controls.facts.write_offs import differences
from client_ledger.core.controls.facts import ReceiptFact, WriteOffFact
from client_ledger.core.entries import JOURNAL_ENTRY, Voucher
from client_ledger.site.doctypes import WRITE_OFF_REQUEST

# Neither money nor a claim given up, whatever accounts they touch.
_NEITHER = ("Opening Entry", "Exchange Rate Revaluation", "Exchange Gain Or Loss")
_MONEY = ("Bank", "Cash")
_GIVEN_UP = ("Expense", "Income")


@dataclass(slots=True)
class _PartyShare:
	"""What an entry takes from a customer's account, in company currency and in that of the account."""

	base: float = 0.0
	amount: float = 0.0
	currency: str = ""


@dataclass(slots=True)
class Journal:
	"""A journal entry that touches customers. money, given_up: what was debited to banks and tills, and to profit and loss."""

	name: str
	date: date
	kind: str
	reference: str
	created: datetime
	owner: str
	status: int
	parties: dict[str, _PartyShare] = field(default_factory=lambda: defaultdict(_PartyShare))
	money: float = 0.0
	given_up: float = 0.0

	@property
	def taken(self) -> list[str]:
		"""The customers whose accounts are credited."""
		return [name for name, party in self.parties.items() if party.base > 0]

	@property
	def put(self) -> list[str]:
		"""The customers whose accounts are debited."""
		return [name for name, party in self.parties.items() if party.base < 0]

	@property
	def written_off(self) -> float:
		"""What of the credits to customers was given up."""
		if self.kind in _NEITHER or self.given_up <= 0:
			return 0.0
		return min(self.given_up, sum(max(party.base, 0) for party in self.parties.values()))


@dataclass(frozen=True, slots=True)
class JournalFacts:
	"""What journal entries amount to."""

	receipts: list[ReceiptFact]
	write_offs: list[WriteOffFact]


def read_journals(window: FactWindow, settled: Settled) -> JournalFacts:
	"""Return the receipts and write-offs among the journal entries of a window, and of those that settle its invoices."""
	rows = _of_window(window)
	known = {row[0] for row in rows}
	others = {key.name for key in settled if key.doctype == JOURNAL_ENTRY} - known
	rows += by_name(_query(window), DocType(JOURNAL_ENTRY).name, sorted(others))
	journals = {row[0]: _journal(row) for row in rows}
	_add_lines(window, journals)
	gone = [(row[0], row[8], row[7]) for row in rows if row[6] == 2]
	taken_back = cancelled(JOURNAL_ENTRY, gone, window.parts)
	return JournalFacts(
		list(_receipts(window, journals, settled, taken_back)), list(_write_offs(window, journals))
	)


def _query(window: FactWindow) -> QueryBuilder:
	journal = DocType(JOURNAL_ENTRY)
	return (
		frappe.qb.from_(journal)
		.select(
			journal.name,
			journal.posting_date,
			journal.voucher_type,
			journal.cheque_no,
			journal.creation,
			journal.owner,
			journal.docstatus,
			cancelled_at(journal),
			journal.modified_by,
			journal.is_opening,
		)
		.where((journal.company == window.company) & (journal.docstatus > 0))
	)


def _of_window(window: FactWindow) -> list[tuple]:
	if not window.accounts:
		return []
	journal, line = DocType(JOURNAL_ENTRY), DocType("Journal Entry Account")
	query = (
		_query(window)
		.join(line)
		.on(line.parent == journal.name)
		.where((line.party_type == "Customer") & line.account.isin(window.accounts))
		.where(window.moved(journal, "posting_date"))
		.distinct()
	)
	if window.customers is not None:
		query = query.where(window.of_customers(line.party))
	return list(query.orderby(journal.name).run())


def _journal(row: tuple) -> Journal:
	kind = "Opening Entry" if row[9] == "Yes" else row[2]
	return Journal(row[0], row[1], kind or "", (row[3] or "").strip(), row[4], intern(row[5] or ""), row[6])


def _add_lines(window: FactWindow, journals: dict[str, Journal]) -> None:
	line, account = DocType("Journal Entry Account"), DocType("Account")
	query = (
		frappe.qb.from_(line)
		.join(account)
		.on(account.name == line.account)
		.select(
			line.parent,
			line.account,
			account.account_type,
			account.root_type,
			line.party_type,
			line.party,
			line.credit - line.debit,
			line.credit_in_account_currency - line.debit_in_account_currency,
			line.account_currency,
		)
	)
	own, no_loss = set(window.accounts), set(differences(window.company))
	for parent, name, kind, root, party_type, party, base, amount, currency in by_name(
		query, line.parent, sorted(journals)
	):
		journal = journals[parent]
		if name in own and party_type == "Customer" and party:
			of = journal.parties[party]
			of.base += base or 0
			of.amount += amount or 0
			of.currency = currency or window.currency
		elif kind in _MONEY:
			journal.money -= base or 0
		elif root in _GIVEN_UP and name not in no_loss:
			journal.given_up -= base or 0


def _receipts(
	window: FactWindow, journals: dict[str, Journal], settled: Settled, taken_back: dict[str, Signed]
) -> Iterator[ReceiptFact]:
	names = sorted(journals)
	payers = read_payers(window, JOURNAL_ENTRY, names) if window.parts else {}
	ordered = advances(window, JOURNAL_ENTRY, names) if window.parts else set()
	brought = imported(window, JOURNAL_ENTRY)
	for name in names:
		one = journals[name]
		for customer, party in one.parties.items():
			if window.customers is not None and customer not in window.customers:
				continue
			parts = settled.get(SettledBy(JOURNAL_ENTRY, name, customer), ())
			payer = payers.get(name, "")
			if not payer and not one.money and len(one.put) == 1 and customer in one.taken:
				payer = one.put[0]
			amount, base = _money_of(one, party)
			entered = bool(amount) and name not in brought
			if not amount and not parts:
				continue
			end = taken_back.get(name)
			yield ReceiptFact(
				name=name,
				customer=intern(customer),
				date=one.date,
				amount=money(amount),
				base_amount=money(base),
				currency=intern(party.currency),
				created=one.created if entered else None,
				owner=one.owner if entered else "",
				reference=one.reference,
				payer=payer if amount else "",
				allocations=allocated(parts, one.date, one.created.date()) if parts else (),
				for_order=name in ordered,
				cancelled_on=end.at if end else None,
				cancelled_by=end.person if end else "",
				doctype=JOURNAL_ENTRY,
			)


def _money_of(journal: Journal, party: _PartyShare) -> tuple[float, float]:
	"""Return what a customer's account got of money, or of another customer's, less what was given up with it."""
	if journal.kind in _NEITHER:
		return 0.0, 0.0
	moved = bool(journal.taken and journal.put) and party.base > 0
	if not round(journal.money, 6) and not moved:
		return 0.0, 0.0
	credited = sum(max(other.base, 0) for other in journal.parties.values())
	base = party.base
	if base > 0 and credited:
		base -= journal.written_off * base / credited
	return party.amount * base / party.base if party.base else 0.0, base


def _write_offs(window: FactWindow, journals: dict[str, Journal]) -> Iterator[WriteOffFact]:
	found = {name: one for name, one in journals.items() if one.status == 1 and one.written_off}
	asked = _requested(sorted(found))
	by_whom = signed(JOURNAL_ENTRY, sorted(found), 1)
	for name, one in sorted(found.items()):
		credited = sum(max(party.base, 0) for party in one.parties.values())
		requested, approved = asked.get(name, ("", ""))
		owner = intern(requested or one.owner)
		if not approved and name in by_whom and by_whom[name].person != owner:
			approved = by_whom[name].person
		for customer in one.taken:
			if window.customers is not None and customer not in window.customers:
				continue
			yield WriteOffFact(
				document=Voucher(JOURNAL_ENTRY, name),
				customer=intern(customer),
				date=one.date,
				base_amount=money(one.written_off * one.parties[customer].base / credited),
				created=one.created,
				owner=owner,
				approved_by=approved,
			)


def _requested(names: Sequence[str]) -> dict[str, tuple[str, str]]:
	"""Return who asked for write-offs and who approved them, by their journal entries."""
	request = DocType(WRITE_OFF_REQUEST)
	query = frappe.qb.from_(request).select(request.journal_entry, request.requested_by, request.approved_by)
	rows = by_name(query.where(request.docstatus == 1), request.journal_entry, names)
	return {name: (asked or "", approved or "") for name, asked, approved in rows}
