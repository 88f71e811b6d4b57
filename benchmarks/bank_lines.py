"""Bank lines made from a seed with the truth about what they pay, for customers with open items. Free of any host."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.receipts.items import AnnouncedPayment, IncomingReceipt, PayableItem, PayerIdentity
from client_ledger.core.receipts.mentions import creditor_reference

CENT = Decimal("0.01")
FIRST = date(2026, 2, 2)
_WORDS = (
	"Nord",
	"Delta",
	"Wacker",
	"Alpina",
	"Müller",
	"Orion",
	"Baltic",
	"Harbour",
	"Lumen",
	"Ferro",
	"Sano",
	"Verde",
)
_TRADES = ("Handel", "Foods", "Logistics", "Metall", "Pharma", "Bau", "Trading", "Textil")
_FORMS = ("GmbH", "Ltd", "AG", "GmbH & Co. KG", "Inc.", "S.A.", "B.V.")
_CHINESE = ("上海", "深圳", "宏远", "天成", "东方", "瑞丰", "金桥", "永兴")


@dataclass(frozen=True, slots=True)
class BankMix:
	"""How often customers pay in each way."""

	name: str
	customers: int = 60
	days: int = 90
	structured: float = 0.12
	numbers: float = 0.45
	advice: float = 0.12
	nothing: float = 0.31
	account_known: float = 0.7
	name_confirmed: float = 0.5
	stranger: float = 0.05
	discount: float = 0.08
	fee: float = 0.03
	partly: float = 0.03
	advance: float = 0.02
	round_amounts: float = 0.10


USUAL_LINES = BankMix("usual")
TERSE_LINES = BankMix(
	"terse", structured=0.05, numbers=0.3, advice=0.05, nothing=0.6, account_known=0.5, stranger=0.08
)
CLEAR_LINES = BankMix("clear", structured=0.3, numbers=0.55, advice=0.1, nothing=0.05, round_amounts=0.03)
BANK_MIXES = (CLEAR_LINES, USUAL_LINES, TERSE_LINES)


@dataclass(slots=True)
class BankLines:
	"""Receipts, what they may pay, and the truth: receipt -> customer and items."""

	receipts: list[IncomingReceipt] = field(default_factory=list)
	items: list[PayableItem] = field(default_factory=list)
	advices: list[AnnouncedPayment] = field(default_factory=list)
	payers: list[PayerIdentity] = field(default_factory=list)
	truth: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)


class _Bank:
	def __init__(self, seed: int, mix: BankMix):
		self.r = random.Random(f"bank-{mix.name}-{seed}")
		self.mix, self.out = mix, BankLines()
		self.format = self.r.choice(
			("SINV-{y}-{n:05d}", "RE {y}/{n:05d}", "{n}", "INV{n:06d}", "XS{y}{n:06d}", "R-{n}/{y}")
		)
		self.next = self.r.randrange(1_000, 60_000)

	def happens(self, share: float) -> bool:
		return self.r.random() < share

	def amount(self) -> Decimal:
		if self.happens(self.mix.round_amounts):
			return Decimal(self.r.choice((100, 250, 500, 1000, 1500, 2000)))
		return Decimal(str(round(self.r.lognormvariate(6.6, 1.0), 2))).quantize(CENT)

	def customer(self, place: int) -> None:
		mix, name = self.mix, f"C{place:04d}"
		if self.happens(0.15):
			shown = f"{''.join(self.r.sample(_CHINESE, 2))}{self.r.choice(('贸易', '电子', '纺织'))}有限公司"
		else:
			shown = f"{self.r.choice(_WORDS)} {self.r.choice(_TRADES)} {place % 7 or ''} {self.r.choice(_FORMS)}".replace(
				"  ", " "
			)
		account = f"DE{self.r.randrange(10**18):020d}"
		self.out.payers.append(PayerIdentity(name, shown))
		if self.happens(mix.account_known):
			self.out.payers.append(PayerIdentity(name, account=account, is_confirmed=True))
		payer = shown
		if self.happens(0.25):
			payer = shown[:35].upper()
		if self.happens(0.08):
			payer = f"{self.r.choice(('Holding', 'Treasury', 'Payments'))} {self.r.randrange(1000)}"
			if self.happens(mix.name_confirmed):
				self.out.payers.append(PayerIdentity(name, payer, is_confirmed=True))
		self.pay(name, payer, account)

	def pay(self, name: str, payer: str, account: str) -> None:
		mix, r = self.mix, self.r
		terms, batch = r.choice((14, 30, 30, 45)), r.choice((1, 1, 2, 3, 5))
		habit = r.random()
		has_discount = self.happens(0.25)
		open_items: list[PayableItem] = []
		day = FIRST + timedelta(days=r.randrange(10))
		last = FIRST + timedelta(days=mix.days)
		while day <= last:
			self.next += r.randrange(1, 4)
			amount = self.amount() * (-1 if self.happens(0.05) else 1)
			number = self.format.format(y=day.year, n=self.next)
			item = PayableItem(
				f"I{len(self.out.items)}", name, number, day, amount, "EUR", day + timedelta(days=terms),
				(f"PO{r.randrange(10**5)}",),
				(amount * Decimal("0.02")).quantize(CENT) if has_discount and amount > 0 else Decimal(0),
				day + timedelta(days=14) if has_discount else None,
			)  # fmt: skip
			self.out.items.append(item)
			open_items.append(item)
			if len([one for one in open_items if one.outstanding > 0]) > batch + r.randrange(3):
				chosen = (
					open_items[: r.randrange(1, batch + 1)]
					if habit < 0.8
					else r.sample(open_items, min(batch, len(open_items)))
				)
				self.receipt(
					name,
					payer,
					account,
					chosen,
					max(day, max(one.date for one in chosen)) + timedelta(days=r.randrange(1, 12)),
				)
				open_items = [one for one in open_items if one not in chosen]
			day += timedelta(days=r.choice((2, 4, 7, 9, 14)))

	def receipt(self, name: str, payer: str, account: str, chosen: list[PayableItem], day: date) -> None:
		mix, r = self.mix, self.r
		total = sum((one.outstanding for one in chosen), Decimal(0))
		if total <= 0:
			return
		paid, truth = total, frozenset(one.id for one in chosen)
		if (
			all(one.discount for one in chosen)
			and self.happens(0.5)
			and day <= min(one.discount_until for one in chosen)
		):
			paid = total - sum((one.discount for one in chosen), Decimal(0))
		elif self.happens(mix.fee) and total > 1_000:
			paid = total - Decimal(r.choice(("7.50", "12.00", "15.00")))
		elif self.happens(mix.partly) and len(chosen) == 1:
			paid = (total * Decimal("0.5")).quantize(CENT)
		elif self.happens(mix.advance):
			paid, truth = self.amount(), frozenset()
		roll, text = r.random(), r.choice(("Zahlung", "payment", "SEPA CT", "货款", "thank you"))
		if truth:
			if roll < mix.structured and len(chosen) == 1 and len(chosen[0].number) < 20:
				reference = creditor_reference(chosen[0].number)
				text = (
					reference
					if self.happens(0.5)
					else " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))
				)
			elif roll < mix.structured + mix.numbers:
				text = self.named(chosen, text)
			elif roll < mix.structured + mix.numbers + mix.advice:
				reference = f"AV{r.randrange(10**7):07d}"
				self.out.advices.append(
					AnnouncedPayment(f"A{len(self.out.advices)}", name, day - timedelta(days=r.randrange(5)), total, "EUR",
						reference, tuple((one.id, one.outstanding) for one in chosen))
				)  # fmt: skip
				text = f"{text} {reference}" if self.happens(0.5) else text
		if self.happens(mix.stranger):
			payer, account = f"Clearing {r.randrange(10**6)}", f"XX{r.randrange(10**12)}"
		line = IncomingReceipt(f"B{len(self.out.receipts)}", day, paid, "EUR", text, payer, account)
		self.out.receipts.append(line)
		self.out.truth[line.id] = (name, truth)

	def named(self, chosen: list[PayableItem], word: str) -> str:
		r = self.r
		numbers = [one.number for one in chosen]
		way = r.randrange(6)
		if way == 0:
			shown = ", ".join(numbers)
		elif way == 1:
			shown = " ".join("".join(c for c in number if c.isalnum()) for number in numbers)
		elif way == 2:
			shown = " + ".join(
				max("".join(c if c.isdigit() else " " for c in number).split(), key=len) for number in numbers
			)
		elif way == 3:
			shown = "/".join(
				max("".join(c if c.isdigit() else " " for c in number).split(), key=len) for number in numbers
			)
		elif way == 4:
			shown = ";".join(number.lower().replace("-", " ") for number in numbers)
		else:
			shown = "、".join(
				"".join(chr(ord(c) + 0xFEE0) if c.isalnum() and c.isascii() else c for c in number)
				for number in numbers
			)
		extra = r.choice(
			(
				"",
				"",
				f" Kd-Nr {r.randrange(10**4, 10**5)}",
				f" vom {chosen[0].date:%d.%m.%Y}",
				" EREF NOTPROVIDED",
			)
		)
		return f"{word} {shown}{extra}"


def bank_lines(seed: int, mix: BankMix = USUAL_LINES) -> BankLines:
	"""Return bank lines; the same seed and mix give the same."""
	bank = _Bank(seed, mix)
	for place in range(mix.customers):
		bank.customer(place)
	bank.out.receipts.sort(key=lambda line: (line.date, line.id))
	return bank.out
