"""Small ledgers for the core's tests, and a slow and obvious reading of them to compare with."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from client_ledger.core.entries import (
	JOURNAL_ENTRY,
	PAYMENT_ENTRY,
	SALES_INVOICE,
	BalanceKey,
	Entry,
	ReceivableAccount,
	Voucher,
)
from client_ledger.core.open_items import Balance, Invoice, LedgerFacts, Origin

DEBTORS = "Debtors - T"
ACCOUNTS = {DEBTORS: ReceivableAccount(DEBTORS, "Testers", "USD", "USD")}
TWO = {
	**ACCOUNTS,
	"Other - T": ReceivableAccount("Other - T", "Testers", "USD", "USD"),
	"Euro - T": ReceivableAccount("Euro - T", "Testers", "EUR", "USD"),
}
DAY = date(2026, 3, 1)


def entry(day, voucher, against, amount, customer="Ada", account=DEBTORS, base=None) -> Entry:
	"""Return an entry; vouchers are given as "SI 1", "PE 1", "JE 1" or "SO 1"."""
	amount = Decimal(amount)
	return Entry(
		DAY + timedelta(days=day),
		customer,
		account,
		voucher_of(voucher),
		voucher_of(against),
		amount,
		amount if base is None else Decimal(base),
	)


def voucher_of(text: str) -> Voucher:
	kinds = {"SI": SALES_INVOICE, "PE": PAYMENT_ENTRY, "JE": JOURNAL_ENTRY, "SO": "Sales Order"}
	return Voucher(kinds[text.split()[0]], text)


def facts_of(
	entries: list[Entry], notes: dict[str, str] | None = None, terms=None, due_in: int = 30, accounts=ACCOUNTS
) -> LedgerFacts:
	"""Return what the reader would read of *entries*. notes: credit note -> invoice it settles."""
	sums: dict[BalanceKey, list] = defaultdict(lambda: [Decimal(0), Decimal(0), []])
	own: dict[BalanceKey, list[Entry]] = defaultdict(list)
	for e in entries:
		row = sums[BalanceKey(e.customer, e.account, e.against)]
		row[0] += e.amount
		row[1] += e.base_amount
		row[2].append(e)
		own[BalanceKey(e.customer, e.account, e.voucher)].append(e)
	invoices = {}
	for key, rows in own.items():
		if key.voucher.doctype == SALES_INVOICE:
			posted, original = rows[0].posting_date, (notes or {}).get(key.voucher.name)
			total = sum(e.amount for e in rows)
			invoices[key.voucher.name] = Invoice(
				key.voucher.name,
				posted,
				posted + timedelta(days=due_in),
				key.customer,
				key.account,
				total,
				sum(e.base_amount for e in rows),
				original,
				bool(original),
			)
	return LedgerFacts(
		accounts,
		[Balance(key, row[0], row[1]) for key, row in sums.items()],
		invoices,
		{
			key: Origin(
				min(e.posting_date for e in rows),
				sum(e.amount for e in rows),
				sum(e.base_amount for e in rows),
			)
			for key, rows in own.items()
		},
		{key: row[2] for key, row in sums.items()},
		terms or {},
	)


def receivable_report(entries: list[Entry], notes: dict[str, str]) -> dict[Voucher, Decimal]:
	"""Read a ledger entry by entry, the way ERPNext's Accounts Receivable describes itself: an entry counts for
	the voucher it is against, for the invoice that a credit note settles, else for its own voucher."""
	present = {(e.customer, e.account, e.voucher) for e in entries}
	open_amounts: dict[Voucher, Decimal] = defaultdict(Decimal)
	for e in entries:
		target = e.against
		if target.name in notes:
			target = Voucher(SALES_INVOICE, notes[target.name])
		if (e.customer, e.account, target) not in present:
			target = e.voucher
		open_amounts[target] += e.amount
	return {voucher: amount for voucher, amount in open_amounts.items() if amount}


@st.composite
def ledgers(draw) -> tuple[list[Entry], dict[str, str]]:
	"""Draw a ledger of one customer: invoices, credit notes, payments against invoices, notes, orders or nothing."""
	money = st.integers(1, 10**6).map(lambda n: Decimal(n) / 100)
	days = st.integers(-60, 60)
	entries, notes = [], {}
	invoices = [f"SI {i}" for i in range(draw(st.integers(1, 5)))]
	for name in invoices:
		entries.append(entry(draw(days), name, name, draw(money)))
	for i in range(draw(st.integers(0, 3))):
		name, original = f"SI N{i}", draw(st.sampled_from(invoices))
		if draw(st.booleans()):
			notes[name] = original
			entries.append(entry(draw(days), name, original, -draw(money)))
		else:
			entries.append(entry(draw(days), name, name, -draw(money)))
	targets = [*invoices, *(e.voucher.name for e in entries[len(invoices) :]), "SO 1", "SO 2", "SI later"]
	for i in range(draw(st.integers(0, 6))):
		name = f"{draw(st.sampled_from(['PE', 'JE']))} {i}"
		for _ in range(draw(st.integers(1, 3))):
			target = draw(st.sampled_from([*targets, name]))
			sign = draw(st.sampled_from([-1, -1, -1, 1]))
			entries.append(entry(draw(days), name, target, sign * draw(money)))
	return entries, notes
