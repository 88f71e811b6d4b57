"""Invented books: invoices paid in parts, credited, written off; and what was open on any day, kept apart from the code under test."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.kpis.rows import (
	Cause,
	DisputeRow,
	InvoiceRow,
	KpiBook,
	MoneyRow,
	MoveRow,
	OpenRow,
	PromiseRow,
	SaleRow,
	Window,
)

END = date(2026, 4, 30)


def cents(value: float) -> Decimal:
	return Decimal(f"{value:.2f}")


def invent(seed: int, windows: Iterable[Window], customers: int = 12, days: int = 500) -> KpiBook:
	"""Return a book that knows what was open on all days the *windows* need."""
	rng = random.Random(seed)
	end = max(window.as_of for window in windows)
	first = end - timedelta(days=days)
	moves: list[MoveRow] = []
	dues: dict[str, tuple[str, date, date]] = {}
	sales, receipts, write_offs = [], [], []
	for number in range(customers * 12):
		customer, name = f"C{rng.randrange(customers):02d}", f"INV-{number:03d}"
		posted = first + timedelta(days=rng.randrange(days))
		due = posted + timedelta(days=rng.choice((0, 14, 30, 60)))
		amount = cents(rng.lognormvariate(6, 1))
		dues[name] = (customer, posted, due)
		sales.append(SaleRow(name, customer, posted, amount))
		moves.append(MoveRow(name, customer, posted, Cause.BILLING, amount))
		left = amount
		for part in range(rng.choice((0, 1, 1, 1, 2))):
			day = max(posted, due + timedelta(days=round(rng.gauss(8, 20))))
			paid = left if rng.random() < 0.7 else cents(float(left) * rng.random())
			if paid:
				moves.append(MoveRow(name, customer, day, Cause.PAYMENTS, -paid))
				receipts.append(MoneyRow(f"PAY-{number}-{part}", customer, day, paid))
				left -= paid
		if left and rng.random() < 0.15:
			day = due + timedelta(days=rng.randrange(60))
			moves.append(MoveRow(name, customer, day, Cause.CREDIT_NOTES, -left))
			sales.append(SaleRow(f"CN-{number}", customer, day, -left))
		elif left and rng.random() < 0.1:
			day = due + timedelta(days=rng.randrange(40, 120))
			moves.append(MoveRow(name, customer, day, Cause.OTHER, -left))
			write_offs.append(MoneyRow(f"JE-{number}", customer, day, left))
	for number in range(customers // 3):
		name, day = f"ADV-{number}", first + timedelta(days=rng.randrange(days))
		customer = f"C{number:02d}"
		dues[name] = (customer, day, day)
		moves.append(MoveRow(name, customer, day, Cause.PAYMENTS, -cents(rng.random() * 300)))
	wanted = {day for window in windows for day in window.needs()}
	return KpiBook(
		open_on={day: open_rows(moves, dues, day) for day in wanted},
		sales=sales,
		invoices=invoices(moves, dues, end),
		receipts=receipts,
		write_offs=write_offs,
		promises=[
			PromiseRow(
				f"P-{n}", f"C{n % customers:02d}", end - timedelta(days=11 * n), Decimal(100), n % 3 > 0
			)
			for n in range(9)
		],
		disputes=[
			DisputeRow(
				f"D-{n}",
				f"C{n % customers:02d}",
				end - timedelta(days=80),
				end - timedelta(days=9 * n),
				Decimal(50),
			)
			for n in range(5)
		],
		moves=moves,
		general_ledger={
			day: sum((move.amount for move in moves if move.posted <= day), Decimal(0)) for day in wanted
		},
	)


def open_rows(moves, dues, day: date) -> list[OpenRow]:
	"""Return what was open at the end of a day."""
	sums: dict[str, Decimal] = {}
	for move in moves:
		if move.posted <= day:
			sums[move.voucher] = sums.get(move.voucher, Decimal(0)) + move.amount
	return [
		OpenRow(
			name,
			*dues[name],
			amount,
			disputed=Decimal(40) if name.endswith("7") and amount > 0 else Decimal(0),
		)
		for name, amount in sums.items()
		if amount
	]


def invoices(moves, dues, end: date) -> list[InvoiceRow]:
	"""Return the invoices with the days they were settled on."""
	found = []
	for name, (customer, posted, due) in dues.items():
		if not name.startswith("INV"):
			continue
		rows = sorted(
			(move for move in moves if move.voucher == name and move.posted <= end), key=lambda m: m.posted
		)
		left, settled = Decimal(0), None
		for move in rows:
			left += move.amount
			settled = None if left else move.posted
		if rows:
			billed = next(move.amount for move in moves if move.voucher == name)
			found.append(InvoiceRow(name, customer, posted, due, billed, settled))
	return found
