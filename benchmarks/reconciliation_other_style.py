"""Two ledgers in other countries' manners, written apart from the first generator so that the matching is not made for one.

Each style is a scene of its own: Chinese fapiao with round part payments, a German supplier with cash discount, a retailer
that pays every week less its deductions, a landlord whose invoices are all alike.
"""

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count

from benchmarks.reconciliation_ledgers import TwoLedgers
from client_ledger.core.reconciliation.lines import BookedLine, LineKind

YEAR = 2026
LAST = date(YEAR, 9, 30)
INVOICE, CREDIT, PAYMENT = LineKind.INVOICE, LineKind.CREDIT_NOTE, LineKind.PAYMENT


class Scene:
	"""Both lists while they are written."""

	def __init__(self, seed: int, name: str, currency: str):
		self.r = random.Random(f"other-{name}-{seed}")
		self.currency, self.ids = currency, count(1)
		self.out = TwoLedgers(as_of=LAST)

	def we(self, day, amount, number="", refs=(), text="", kind=None):
		return self._put(self.out.ours, "us", day, amount, number, refs, text, kind)

	def they(self, day, amount, number="", refs=(), text="", kind=None):
		return self._put(self.out.theirs, "them", day, amount, number, refs, text, kind)

	def _put(self, lines, who, day, amount, number, refs, text, kind):
		if day > LAST:
			return None
		line = BookedLine(
			f"{who}{next(self.ids)}", day, amount, self.currency, number, tuple(refs), text, kind
		)
		lines.append(line)
		return line

	def same(self, ours, theirs):
		if all(ours) and all(theirs):
			self.out.truth.add((frozenset(x.id for x in ours), frozenset(x.id for x in theirs)))

	def repeat(self, line, days):
		"""Book a line of theirs a second time."""
		if line:
			twin = self.they(
				line.date + timedelta(days=days),
				line.amount,
				line.number,
				line.references,
				line.text,
				line.kind,
			)
			if twin:
				self.out.twins[twin.id] = line.id

	def days(self, every):
		day = date(YEAR, 1, 4)
		while day <= LAST:
			yield day
			day += timedelta(days=self.r.choice(every))


def month_end(day: date) -> date:
	"""Return the last day of a month."""
	following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
	return following - timedelta(days=1)


def money(value: float) -> Decimal:
	"""Return an amount with two decimals."""
	return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


def fapiao(seed: int) -> TwoLedgers:
	"""Deliveries noted by us, booked by fapiao number at the month's end by them; payments in round sums, notes for the rest."""
	s = Scene(seed, "fapiao", "CNY")
	number = s.r.randrange(20_000_000, 90_000_000)
	owed = Decimal(0)
	for serial, day in enumerate(s.days((0, 1, 1, 2)), start=1):
		number += s.r.choice((1, 1, 1, 2, 7))
		amount = (
			money(s.r.uniform(800, 60_000))
			if s.r.random() < 0.85
			else Decimal(s.r.choice((5_000, 10_000, 20_000)))
		)
		ours = s.we(day, amount, f"XS{day:%Y%m}{serial:05d}", (str(number),), "销售出库", INVOICE)
		owed += amount
		fate = s.r.random()
		if fate < 0.03:
			continue
		booked = month_end(day) if s.r.random() < 0.4 else day + timedelta(days=s.r.randrange(12))
		theirs_amount = amount
		if fate < 0.05:
			theirs_amount = money(float(amount) * 0.97)
		shown = str(number)
		if fate > 0.98:
			shown = shown[:-2] + shown[-1] + shown[-2]
		form = s.r.random()
		if form < 0.6:
			theirs = s.they(booked, theirs_amount, shown, (), "采购入库", s.r.choice((INVOICE, None)))
		elif form < 0.8:
			theirs = s.they(booked, theirs_amount, f"记-{s.r.randrange(1, 400)}", (), f"收到发票{shown}")
		elif form < 0.9:
			full = "".join(chr(ord(c) + 0xFEE0) for c in shown)
			theirs = s.they(booked, theirs_amount, f"№{full}", (), "")
		else:
			theirs = s.they(booked, theirs_amount, f"记-{s.r.randrange(1, 400)}", (), "材料款")
		s.same([ours], [theirs])
		if s.r.random() < 0.01:
			s.repeat(theirs, s.r.randrange(1, 20))
		while owed > 150_000 and s.r.random() < 0.3:
			paid = Decimal(s.r.choice((50_000, 60_000, 80_000, 100_000, 100_000, 120_000, 200_000)))
			owed -= paid
			pay_day = day + timedelta(days=s.r.randrange(3))
			arrived = pay_day + timedelta(days=s.r.randrange(3))
			theirs_pay = s.they(pay_day, -paid, f"记-{s.r.randrange(1, 400)}", (), "付货款", PAYMENT)
			if s.r.random() < 0.97:
				ours_pay = s.we(arrived, -paid, f"SK{day:%m}{s.r.randrange(1000):04d}", (), "收货款", PAYMENT)
				s.same([ours_pay], [theirs_pay])
	return s.out


def german(seed: int) -> TwoLedgers:
	"""Numbers like RE 2026/00123 written ten ways; cash discount of two in a hundred, booked by us as a line of its own."""
	s = Scene(seed, "german", "EUR")
	serial = s.r.randrange(80, 9_000)
	for day in s.days((0, 0, 1, 1, 2, 3)):
		serial += 1
		number = f"RE {YEAR}/{serial:05d}"
		is_credit = s.r.random() < 0.05
		amount = money(s.r.lognormvariate(6, 1) * (-1 if is_credit else 1))
		kind = CREDIT if is_credit else INVOICE
		ours = s.we(day, amount, number, (f"B{s.r.randrange(4_000, 9_999)}",), "", kind)
		way = s.r.choice(
			(number, number, f"{YEAR}-{serial}", f"Rg. {serial}", f"RE{serial}/{YEAR % 100}", f"RE{YEAR}{serial:05d}",
			 f"{serial:05d}", f"re {YEAR}/{serial:05d}", f"{YEAR}/{serial:05d} vom {day:%d.%m.%Y}")
		)  # fmt: skip
		fate = s.r.random()
		if fate < 0.025:
			continue
		shown = money(float(amount) * 0.9) if fate < 0.04 else amount
		theirs = s.they(
			day + timedelta(days=s.r.randrange(8)),
			shown,
			way,
			(),
			"Rechnungseingang",
			s.r.choice((kind, None)),
		)
		s.same([ours], [theirs])
		if fate > 0.99:
			s.repeat(theirs, 7)
		if is_credit or s.r.random() < 0.1:
			continue
		discount = money(float(amount) * 0.02)
		if s.r.random() < 0.4 and discount > 0:
			paid_on = day + timedelta(days=s.r.randrange(8, 14))
			got = s.we(
				paid_on + timedelta(days=1),
				discount - amount,
				f"ZE{s.r.randrange(10**4)}",
				(number,),
				"Zahlung",
				PAYMENT,
			)
			cut = s.we(
				paid_on + timedelta(days=1), -discount, f"SK{s.r.randrange(10**4)}", (number,), "Skonto"
			)
			if s.r.random() < 0.5:
				s.same(
					[got, cut],
					[s.they(paid_on, -amount, f"ZA{s.r.randrange(10**4)}", (), f"Zahlung {way}", PAYMENT)],
				)
			else:
				s.same(
					[got],
					[
						s.they(
							paid_on,
							discount - amount,
							f"ZA{s.r.randrange(10**4)}",
							(),
							f"Zahlung {way}",
							PAYMENT,
						)
					],
				)
				s.same([cut], [s.they(paid_on, -discount, f"ZA{s.r.randrange(10**4)}", (), "Skontoertrag")])
		else:
			paid_on = day + timedelta(days=s.r.randrange(28, 40))
			fee = Decimal("7.50") if s.r.random() < 0.03 else Decimal(0)
			got = s.we(paid_on + timedelta(days=s.r.randrange(3)), fee - amount, f"ZE{s.r.randrange(10**4)}", (number,) if s.r.random() < 0.5 else (), "", PAYMENT)  # fmt: skip
			s.same([got], [s.they(paid_on, -amount, f"ZA{s.r.randrange(10**4)}", (), f"Zahlung {way}" if s.r.random() < 0.5 else "Zahlung", PAYMENT)])  # fmt: skip
	return s.out


def retail(seed: int) -> TwoLedgers:
	"""Bare numbers, their own number first and ours in another column; weekly payments less deductions that we have not agreed."""
	s = Scene(seed, "retail", "USD")
	serial = s.r.randrange(100_000, 800_000)
	week: list[tuple[int, Decimal]] = []
	started = date(YEAR, 1, 4)
	for day in s.days((0, 0, 0, 1)):
		serial += s.r.randrange(1, 4)
		amount = (
			money(s.r.gammavariate(2, 900)) if s.r.random() < 0.9 else Decimal(s.r.choice((480, 960, 1_200)))
		)
		ours = s.we(day, amount, str(serial), (f"45{s.r.randrange(10**6):06d}",), "", INVOICE)
		fate = s.r.random()
		if fate > 0.02:
			shown = money(float(amount) * s.r.uniform(0.9, 0.99)) if fate < 0.05 else amount
			form = s.r.random()
			if form < 0.5:
				theirs = s.they(
					day + timedelta(days=s.r.randrange(5)),
					shown,
					f"51{s.r.randrange(10**8):08d}",
					(str(serial),),
					"",
					INVOICE,
				)
			elif form < 0.75:
				theirs = s.they(
					day + timedelta(days=s.r.randrange(5)), shown, f"INV#{serial}", (), "GR/IR", None
				)
			elif form < 0.9 and ours:
				theirs = s.they(
					day + timedelta(days=s.r.randrange(5)),
					shown,
					f"51{s.r.randrange(10**8):08d}",
					ours.references,
					"PO invoice",
					INVOICE,
				)
			else:
				theirs = s.they(day + timedelta(days=s.r.randrange(5)), shown, f"0000{serial}", (), "", None)
			s.same([ours], [theirs])
		week.append((serial, amount))
		if (day - started).days >= 7 and len(week) > 1:
			started = day
			total = sum((a for _n, a in week), Decimal(0))
			wire = f"FT{s.r.randrange(10**9):09d}"
			cut = money(s.r.uniform(20, 300)) if s.r.random() < 0.3 else Decimal(0)
			pay_day = day + timedelta(days=30)
			if s.r.random() < 0.75:
				theirs = [
					s.they(
						pay_day,
						cut - total,
						wire if s.r.random() < 0.6 else "ACH",
						(),
						"Weekly settlement",
						PAYMENT,
					)
				]
			else:
				theirs = [s.they(pay_day, -a, f"CLR{n}", (), wire, PAYMENT) for n, a in week]
				cut = Decimal(0)
			s.same([s.we(pay_day + timedelta(days=s.r.randrange(3)), cut - total, f"R-{s.r.randrange(10**5)}", (), f"ACH CREDIT {wire}", PAYMENT)], theirs)  # fmt: skip
			if cut:
				s.they(pay_day, -cut, f"DM{s.r.randrange(10**5)}", (), "Promotion deduction", CREDIT)
			week = []
	return s.out


def rent(seed: int) -> TwoLedgers:
	"""Many flats, each with the same rent every month: numbers per tenant and month, amounts that hundreds of lines share."""
	s = Scene(seed, "rent", "GBP")
	flats = [(n, Decimal(s.r.choice((950, 1_000, 1_000, 1_250, 1_250, 1_500)))) for n in range(1, 31)]
	for month in range(1, 10):
		for flat, amount in flats:
			day = date(YEAR, month, 1)
			ours = s.we(
				day, amount, f"C{flat:03d}-{month:02d}", (f"LEASE {flat:03d}",), f"Rent flat {flat}", INVOICE
			)
			fate = s.r.random()
			if fate > 0.03:
				number = s.r.choice(
					(f"C{flat:03d}-{month:02d}", f"C{flat:03d}/{month}", f"{flat:03d}-{month:02d}")
				)
				theirs = s.they(
					day + timedelta(days=s.r.randrange(6)), amount, number, (), f"Rent {YEAR}-{month:02d}"
				)
				s.same([ours], [theirs])
			paid = day + timedelta(days=s.r.randrange(2, 9))
			theirs = s.they(
				paid,
				-amount,
				f"SO{flat:03d}" if s.r.random() < 0.7 else "",
				(),
				f"Standing order flat {flat}",
				PAYMENT,
			)
			if s.r.random() < 0.97:
				mine = s.we(paid + timedelta(days=s.r.randrange(2)), -amount, f"BK{s.r.randrange(10**5):05d}", (f"SO{flat:03d}",) if s.r.random() < 0.9 else (), "", PAYMENT)  # fmt: skip
				s.same([mine], [theirs])
	return s.out


STYLES = {"fapiao": fapiao, "german": german, "retail": retail, "rent": rent}


def other_ledgers(seed: int, style: str) -> TwoLedgers:
	"""Return two ledgers of a style; the same seed gives the same."""
	made = STYLES[style](seed)
	for lines in (made.ours, made.theirs):
		lines.sort(key=lambda line: line.date)
	return made
