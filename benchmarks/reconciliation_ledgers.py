"""Two ledgers of one trade made from a seed, with the truth about which lines are one business. Free of any host.

Ours is what a supplier books, theirs what its customer does, with the faults that such ledgers have: prefixes dropped, numbers
mistyped or replaced, lines missing or doubled, payments split or merged, fees and deductions withheld, dates by posting, a
cut-off, and round amounts that come again and again and mean nothing.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.reconciliation.lines import BookedLine, LineKind

CENT = Decimal("0.01")
FIRST = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Mix:
	"""How often each fault happens, from 0 to 1, and how much there is of everything."""

	name: str
	invoices: int = 400
	days: int = 180
	prefix_dropped: float = 0.25
	written_otherwise: float = 0.15
	full_width: float = 0.03
	order_number: float = 0.06
	in_text: float = 0.08
	no_number: float = 0.04
	typo: float = 0.02
	deducted: float = 0.02
	amount_typo: float = 0.01
	missing: float = 0.03
	theirs_only: float = 0.015
	doubled: float = 0.01
	round_amounts: float = 0.12
	credit_notes: float = 0.06
	payment_number: float = 0.35
	payment_text: float = 0.25
	merged: float = 0.10
	split: float = 0.06
	fee: float = 0.03
	payment_missing: float = 0.02
	batch: int = 4
	kinds: float = 0.7


EASY = Mix("easy", no_number=0.0, typo=0.005, merged=0.03, split=0.02, round_amounts=0.03, payment_number=0.8)
USUAL = Mix("usual")
HARD = Mix(
	"hard", prefix_dropped=0.3, written_otherwise=0.2, order_number=0.12, no_number=0.08, typo=0.04, deducted=0.04,
	amount_typo=0.02, missing=0.05, theirs_only=0.03, doubled=0.02, round_amounts=0.25, payment_number=0.15,
	payment_text=0.15, merged=0.15, split=0.1, fee=0.05, payment_missing=0.04, kinds=0.4,
)  # fmt: skip
MIXES = (EASY, USUAL, HARD)


@dataclass(slots=True)
class TwoLedgers:
	"""Both lists, in our signs, and the truth. twins: a doubled line's id -> the id of the line it repeats."""

	ours: list[BookedLine] = field(default_factory=list)
	theirs: list[BookedLine] = field(default_factory=list)
	truth: set[tuple[frozenset[str], frozenset[str]]] = field(default_factory=set)
	twins: dict[str, str] = field(default_factory=dict)
	as_of: date = FIRST

	def score(self, found: Sequence[tuple[Sequence[str], Sequence[str]]]) -> tuple[int, int, int]:
		"""Return how many matches were made, how many are right, how many there are. found: (ours, theirs) by ids."""
		made = [
			tuple(frozenset(self.twins.get(one, one) for one in side) for side in match) for match in found
		]
		return len(made), sum(match in self.truth for match in made), len(self.truth)


class _Maker:
	def __init__(self, seed: int, mix: Mix):
		self.random = random.Random(f"{mix.name}-{seed}")
		self.mix, self.ledgers = mix, TwoLedgers()
		self.format = self.random.choice(
			("SINV-{0}-{1:05d}", "ACC-SINV-{0}-{1:05d}", "INV{1:06d}", "R{0}{1:04d}")
		)
		self.next = self.random.randrange(1, 4000)
		self.ledgers.as_of = FIRST + timedelta(days=mix.days)

	def happens(self, share: float) -> bool:
		return self.random.random() < share

	def amount(self) -> Decimal:
		if self.happens(self.mix.round_amounts):
			return Decimal(self.random.choice((100, 250, 500, 500, 1000, 1000, 1500, 2000, 5000)))
		return Decimal(str(round(self.random.lognormvariate(6.8, 1.1), 2))).quantize(CENT)

	def kind(self, kind: LineKind) -> LineKind | None:
		return kind if self.happens(self.mix.kinds) else None

	def add_ours(self, day: date, amount: Decimal, number: str, kind: LineKind, **more) -> BookedLine:
		line = BookedLine(f"O{len(self.ledgers.ours)}", day, amount, "EUR", number, kind=kind, **more)
		self.ledgers.ours.append(line)
		return line

	def add_theirs(self, day: date, amount: Decimal, number: str, kind: LineKind, **more) -> BookedLine:
		line = BookedLine(
			f"T{len(self.ledgers.theirs)}", day, amount, "EUR", number, kind=self.kind(kind), **more
		)
		self.ledgers.theirs.append(line)
		return line

	def join(self, ours: Sequence[BookedLine], theirs: Sequence[BookedLine]) -> None:
		self.ledgers.truth.add((frozenset(one.id for one in ours), frozenset(one.id for one in theirs)))

	def written(self, number: str, order: str) -> dict:
		"""Return number, references and text as the customer writes them."""
		mix, roll = self.mix, self.random.random()
		own = f"{self.random.randrange(10**5, 10**6)}"
		for share, make in (
			(mix.order_number, lambda: {"number": own, "references": (order,)}),
			(mix.in_text, lambda: {"number": own, "text": f"Goods received, your invoice {number}"}),
			(mix.no_number, lambda: {"number": own, "text": "Goods"}),
			(mix.typo, lambda: {"number": self.mistyped(number)}),
			(mix.full_width, lambda: {"number": "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in number)}),
			(mix.prefix_dropped, lambda: {"number": number.split("-")[-1] if "-" in number else number.lstrip("INVR")}),
			(mix.written_otherwise, lambda: {"number": self.otherwise(number)}),
		):  # fmt: skip
			if roll < share:
				return make()
			roll -= share
		return {"number": number}

	def otherwise(self, number: str) -> str:
		return self.random.choice(
			(
				number.replace("-", "/"),
				number.replace("-", ""),
				number.replace("-", " ").lower(),
				f"No. {number}",
				number.replace("-0", "-"),
			)
		)

	def mistyped(self, number: str) -> str:
		place = self.random.choice([i for i, c in enumerate(number) if c.isdigit()][-5:])
		kind = self.random.randrange(4)
		if kind == 0:
			return (
				number[:place]
				+ str((int(number[place]) + self.random.randrange(1, 10)) % 10)
				+ number[place + 1 :]
			)
		if kind == 1:
			return number[:place] + number[place + 1 :]
		if kind == 2:
			return number[:place] + number[place] + number[place:]
		return number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]

	def double(self, line: BookedLine, lines: list[BookedLine], days: int) -> None:
		if self.happens(self.mix.doubled):
			twin = BookedLine(
				f"{line.id[0]}{len(lines)}", line.date + timedelta(days=self.random.randrange(days)), line.amount,
				line.currency, line.number, line.references, line.text, line.kind,
			)  # fmt: skip
			lines.append(twin)
			self.ledgers.twins[twin.id] = line.id

	def invoice(self, day: date, sign: int = 1) -> BookedLine | None:
		self.next += self.random.choice((1, 1, 1, 2, 3))
		number, order = self.format.format(day.year, self.next), f"PO{self.random.randrange(10**4, 10**5)}"
		amount = self.amount() * sign
		kind = LineKind.INVOICE if sign > 0 else LineKind.CREDIT_NOTE
		if self.happens(self.mix.theirs_only):
			other = self.format.format(day.year, self.next + self.random.randrange(5000, 9000))
			self.add_theirs(day + timedelta(days=self.random.randrange(9)), self.amount() * sign, other, kind)
		ours = self.add_ours(day, amount, number, kind, references=(order,))
		self.double(ours, self.ledgers.ours, 3)
		if self.happens(self.mix.missing):
			return ours
		booked = day + timedelta(days=self.random.choice((0, 0, 1, 1, 2, 3, 4, 6, 9, 14)))
		if booked > self.ledgers.as_of:
			return ours
		theirs_amount = amount
		if self.happens(self.mix.deducted):
			theirs_amount = (amount * Decimal(self.random.randrange(900, 990)) / 1000).quantize(CENT)
		elif self.happens(self.mix.amount_typo):
			digits = str(int(amount / CENT))
			place = self.random.randrange(len(digits))
			changed = (
				digits[:place]
				+ str((int(digits[place]) + 3) % 10 if digits[place].isdigit() else "-")
				+ digits[place + 1 :]
			)
			theirs_amount = Decimal(changed) * CENT or amount
		theirs = self.add_theirs(booked, theirs_amount, kind=kind, **self.written(number, order))
		self.double(theirs, self.ledgers.theirs, 12)
		self.join([ours], [theirs])
		return ours

	def payment(self, invoices: Sequence[BookedLine], day: date) -> None:
		mix = self.mix
		received = day + timedelta(days=self.random.choice((0, 0, 1, 1, 2, 3, 5)))
		total = -sum((one.amount for one in invoices), Decimal(0))
		if total >= 0:
			return
		bank = f"TRX{self.random.randrange(10**7, 10**8)}"
		shared = self.happens(mix.payment_number)
		text = (
			f"Payment {' '.join(one.number for one in invoices)}"
			if self.happens(mix.payment_text)
			else "Payment"
		)
		theirs_number = bank if shared else f"PV{self.random.randrange(10**4, 10**5)}"
		ours_number = bank if shared else f"PAY-{self.random.randrange(10**4, 10**5)}"
		refs = tuple(one.number for one in invoices) if self.happens(0.5) else ()
		is_late = received > self.ledgers.as_of
		if len(invoices) > 1 and self.happens(mix.merged):
			# We book one receipt, they clear invoice by invoice.
			theirs = [self.add_theirs(day, -one.amount, theirs_number, LineKind.PAYMENT, text=f"Clearing {one.number}" if "SINV" in text else "Clearing") for one in invoices]  # fmt: skip
			if not is_late:
				self.join(
					[self.add_ours(received, total, ours_number, LineKind.PAYMENT, references=refs)], theirs
				)
			return
		if len(invoices) > 1 and self.happens(mix.split):
			theirs = self.add_theirs(day, total, theirs_number, LineKind.PAYMENT, text=text)
			if not is_late:
				ours = [self.add_ours(received, -one.amount, f"PAY-{self.random.randrange(10**4, 10**5)}", LineKind.PAYMENT, references=(one.number,) if refs else ()) for one in invoices]  # fmt: skip
				self.join(ours, [theirs])
			return
		missing = self.happens(mix.payment_missing)
		at_ours = not is_late and not (missing and self.happens(0.7))
		at_theirs = not (missing and at_ours)
		got = total
		if self.happens(mix.fee):
			got = total + Decimal(self.random.choice(("5.00", "8.50", "12.00", "15.00", "25.00")))
		found = [None, None]
		if at_ours and got < 0:
			found[0] = self.add_ours(received, got, ours_number, LineKind.PAYMENT, references=refs)
		if at_theirs:
			found[1] = self.add_theirs(day, total, theirs_number, LineKind.PAYMENT, text=text)
		if all(found):
			self.join([found[0]], [found[1]])

	def make(self) -> TwoLedgers:
		"""Return both ledgers, each in an order of its own."""
		days = sorted(self.random.randrange(self.mix.days) for _number in range(self.mix.invoices))
		open_invoices: list[BookedLine] = []
		for offset in days:
			day = FIRST + timedelta(days=offset)
			if self.happens(self.mix.credit_notes):
				self.invoice(day, -1)
				continue
			line = self.invoice(day)
			if line and not self.happens(0.05):
				open_invoices.append(line)
			while open_invoices and open_invoices[0].date + timedelta(days=30) <= day:
				count = min(len(open_invoices), self.random.randrange(1, self.mix.batch + 1))
				batch = [one for one in open_invoices[:count] if one.date + timedelta(days=25) <= day]
				del open_invoices[: len(batch)]
				self.payment(batch, batch[0].date + timedelta(days=30 + self.random.randrange(4)))
		for lines in (self.ledgers.ours, self.ledgers.theirs):
			self.random.shuffle(lines)
			lines.sort(key=lambda line: line.date)
		return self.ledgers


def two_ledgers(seed: int, mix: Mix = USUAL) -> TwoLedgers:
	"""Return two ledgers; the same seed and mix give the same."""
	return _Maker(seed, mix).make()
