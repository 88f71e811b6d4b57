"""Bank lines in other manners, written apart from the first generator: wrapped statement texts, subscriptions, wholesale.

wrapped: numbers broken by the bank's line ends, several payers of one name. subscription: the same few amounts for everybody,
month after month. wholesale: monthly payments of all that is due, less credit notes, less discount, text in Chinese.
"""

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count

from benchmarks.bank_lines import BankLines
from client_ledger.core.receipts.items import IncomingReceipt, PayableItem, PayerIdentity

START = date(2026, 3, 1)


def cents(value: float) -> Decimal:
	"""Return an amount with two decimals."""
	return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Desk:
	"""Items and lines while they are written."""

	def __init__(self, seed: int, style: str):
		self.r, self.out = random.Random(f"desk-{style}-{seed}"), BankLines()
		self.item_ids, self.line_ids = count(1), count(1)

	def item(self, customer, number, day, amount, days=30, refs=(), discount=Decimal(0)):
		item = PayableItem(
			f"item-{next(self.item_ids)}", customer, number, day, amount, "CNY", day + timedelta(days=days), tuple(refs),
			discount, day + timedelta(days=10) if discount else None,
		)  # fmt: skip
		self.out.items.append(item)
		return item

	def line(self, customer, items, day, amount, text, payer, account=""):
		line = IncomingReceipt(f"line-{next(self.line_ids)}", day, amount, "CNY", text, payer, account)
		self.out.receipts.append(line)
		self.out.truth[line.id] = (customer, frozenset(item.id for item in items))


def wrapped(seed: int) -> BankLines:
	"""Numbers that a bank's lines of 27 characters break anywhere; brothers with one name; delivery note numbers as noise."""
	d = Desk(seed, "wrapped")
	r = d.r
	serial = r.randrange(200_000, 700_000)
	for n in range(70):
		name = f"K{n}"
		shown = f"{r.choice(('Meier', 'Schmidt', 'Huber', 'Weiss'))} {r.choice(('Söhne', 'Elektro', 'Haustechnik'))} {'GmbH' if n % 2 else 'e.K.'}"
		account = f"AT{r.randrange(10**16):016d}"
		d.out.payers.append(PayerIdentity(name, shown))
		if r.random() < 0.8:
			d.out.payers.append(PayerIdentity(name, account=account, is_confirmed=True))
		day = START + timedelta(days=r.randrange(20))
		for _round in range(r.randrange(2, 9)):
			group = []
			for _one in range(r.choice((1, 1, 2, 3))):
				serial += r.randrange(1, 5)
				group.append(
					d.item(
						name,
						f"AR-26-{serial}",
						day + timedelta(days=r.randrange(4)),
						cents(r.lognormvariate(6.2, 1.1)),
					)
				)
			total = sum((item.outstanding for item in group), Decimal(0))
			text = "SVWZ+RECHNUNG " + " U. ".join(item.number for item in group) + f" LS {r.randrange(10**6)}"
			if r.random() < 0.3:
				text = "SVWZ+" + ",".join(item.number.split("-")[-1] for item in group)
			elif r.random() < 0.25:
				text = f"SVWZ+DANKE EREF+{r.randrange(10**8)}"
			if r.random() < 0.5:
				text = " ".join(text[i : i + 27] for i in range(0, len(text), 27))
			paid = total - (Decimal("1.50") if r.random() < 0.03 else 0)
			d.line(
				name,
				group,
				max(item.date for item in group) + timedelta(days=r.randrange(5, 35)),
				paid,
				text,
				shown.upper()[:27],
				account,
			)
			day += timedelta(days=r.randrange(8, 20))
	return d.out


def subscription(seed: int) -> BankLines:
	"""Three prices for everybody every month, numbers of customer and month; half name the number, some only who they are."""
	d = Desk(seed, "subscription")
	r = d.r
	for n in range(120):
		name, price = f"S{n:03d}", Decimal(r.choice(("29.00", "59.00", "149.00")))
		shown = f"{r.choice('ABCDEFGH')}{r.choice(('lpen', 'rcus', 'ster', 'xima'))}{n} {r.choice(('Ltd', 'LLC', 'Inc'))}"
		account = f"GB{r.randrange(10**14):014d}"
		d.out.payers.append(PayerIdentity(name, shown))
		if r.random() < 0.6:
			d.out.payers.append(PayerIdentity(name, account=account, is_confirmed=True))
		for month in range(3, 9):
			item = d.item(name, f"S{n:03d}-{month:02d}26", date(2026, month, 1), price, 14)
			if r.random() < 0.9:
				text = r.choice(
					(
						item.number,
						f"{item.number} subscription",
						"subscription",
						item.number.replace("-", "/"),
					)
				)
				d.line(name, [item], date(2026, month, r.randrange(3, 26)), price, text, shown, account)
	return d.out


def wholesale(seed: int) -> BankLines:
	"""Everything due at the month's end in one sum, less credit notes; some pay only the month before; text says the month."""
	d = Desk(seed, "wholesale")
	r = d.r
	serial = r.randrange(10_000_000, 80_000_000)
	for n in range(50):
		name = f"W{n}"
		shown = f"{r.choice(('广州', '杭州', '苏州', '青岛', '大连'))}{r.choice(('恒', '盛', '华', '新', '安'))}{r.choice(('达', '源', '泰', '美', '通'))}{n}商贸有限公司"
		d.out.payers.append(PayerIdentity(name, shown))
		by_month: dict[int, list[PayableItem]] = {}
		for month in range(3, 8):
			for _one in range(r.randrange(1, 7)):
				serial += r.randrange(1, 4)
				amount = cents(r.uniform(300, 30_000)) * (-1 if r.random() < 0.08 else 1)
				item = d.item(
					name,
					str(serial),
					date(2026, month, r.randrange(1, 29)),
					amount,
					30,
					(f"XS{month:02d}{serial % 10**5:05d}",),
				)
				by_month.setdefault(month, []).append(item)
			items = by_month[month]
			total = sum((item.outstanding for item in items), Decimal(0))
			if total > 0 and r.random() < 0.92:
				text = r.choice(
					(
						f"{month}月货款",
						f"付2026年{month}月货款",
						f"货款 发票{'、'.join(i.number for i in items)}",
						"货款",
					)
				)
				if len(text) > 60 and r.random() < 0.5:
					text = text[:60]
				d.line(
					name,
					items,
					date(2026, month + 1, r.randrange(3, 28)),
					total,
					text,
					shown.replace("有限公司", "") if r.random() < 0.2 else shown,
				)
	return d.out


BANK_STYLES = {"wrapped": wrapped, "subscription": subscription, "wholesale": wholesale}
