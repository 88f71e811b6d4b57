"""Another company as facts with planted faults: deliveries to shops, set prices, fapiao numbers in blocks, head offices that pay.

Written apart from the first one, with other habits: six working days a week and moved weekends, late evenings and a night shift,
amounts that are price times quantity, receipts without references, small differences written off every week, customers who pay
two months late as a rule, a few in a foreign currency. Controls were not tuned on it.
"""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.controls_company import Books, PlantedCompany
from client_ledger.core.controls.facts import (
	AllocationFact,
	DeliveryFact,
	DueFact,
	DueKind,
	EditFact,
	InvoiceFact,
	MasterFact,
	OrderFact,
	PersonFact,
	ReceiptFact,
	ReleaseFact,
	StatementFact,
	TermsChangeFact,
	TermsKind,
	TieFact,
	WriteOffFact,
)
from client_ledger.core.entries import JOURNAL_ENTRY, Voucher
from client_ledger.core.outbox.calendar import SUNDAY, Hours

D = Decimal
SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE = timedelta(days=1)
ONE_TO_ONE = D(1)
DAY_SHIFT, NIGHT_SHIFT = ("王芳", "李娜", "张伟", "刘洋"), ("陈静", "赵磊")
CASH, DESK, BOSS = ("孙丽", "周强"), ("吴敏",), "郑总"
CITIES = ("上海", "杭州", "苏州", "宁波", "南京", "无锡")
CHAINS = ("联华", "永辉", "物美", "家家悦", "华联", "大润", "易家", "万家")
PRICES = tuple(
	map(D, ("12.80", "19.90", "29.90", "39.90", "58.00", "68.00", "99.00", "128.00", "168.00", "298.00"))
)
HOLIDAYS = frozenset(
	[date(2026, 2, 16) + n * ONE for n in range(8)] + [date(2026, 10, 1) + n * ONE for n in range(7)]
	+ [date(2025, 10, 1) + n * ONE for n in range(8)] + [date(2026, 1, 1), date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)]
)  # fmt: skip
WORKED = frozenset(
	{date(2026, 2, 15), date(2026, 2, 28), date(2026, 9, 27), date(2026, 10, 10), date(2025, 9, 28)}
)


class Retail:
	"""Makes the company day by day until the last of October 2026."""

	def __init__(self, seed: int, shops: int = 150, days: int = 385, sales: float = 22.0):
		self.r = random.Random(f"retail-{seed}")
		self.books, self.sales = Books(self.r), sales
		self.last = date(2026, 11, 5)
		self.first = self.last - days * ONE
		self.hours = Hours(SHANGHAI, HOLIDAYS, frozenset({SUNDAY}))
		self.shops = [f"{CHAINS[n % 8]}{CITIES[n // 8 % 6]}{n // 48 + 1}店{n:03d}" for n in range(shops)]
		self.head = {shop: f"{CHAINS[n % 8]}总部" for n, shop in enumerate(self.shops)}
		self.foreign = set(self.shops[-6:])
		self.fapiao, self.month_number = 24_310_077, {}
		self.waiting: dict[str, list[tuple[InvoiceFact, date]]] = {}
		self.number = 0
		self.to_number: list[tuple] = []

	def works(self, day: date) -> bool:
		return day in WORKED or self.hours.is_working_day(day)

	def next_work(self, day: date) -> date:
		while not self.works(day):
			day += ONE
		return day

	def clock(self, day: date, person: str) -> datetime:
		r = self.r
		if person in NIGHT_SHIFT and r.random() < 0.7:
			return datetime.combine(day, time(r.choice((22, 23)), r.randrange(60), r.randrange(60)), SHANGHAI)
		return datetime.combine(
			day,
			time(r.choice((9, 10, 11, 14, 15, 16, 17, 19, 20, 21)), r.randrange(60), r.randrange(60)),
			SHANGHAI,
		)

	def made(self) -> PlantedCompany:
		"""Return the company with its faults."""
		days = [day for n in range((self.last - self.first).days) if self.works(day := self.first + n * ONE)]
		self.people_and_shops()
		for day in days:
			for _ in range(max(int(self.r.gauss(self.sales, 4)), 0)):
				self.sale(day)
			self.number_until(day)
			if day.weekday() == 3 or day.day == 28:
				self.collect(day)
		self.returns(days)
		self.office(days)
		Faults(self, days).plant()
		people = {name: PersonFact(name) for name in (*DAY_SHIFT, *NIGHT_SHIFT, *CASH, *DESK, BOSS)}
		facts = self.books.facts(
			company="江南百货供应有限公司", currency="CNY", now=datetime.combine(self.last, time(23, 30), SHANGHAI), people=people,
			hours=self.hours, worked=WORKED, threshold=D(200),
		)  # fmt: skip
		return PlantedCompany(facts, self.books.faults)

	def price(self) -> D:
		r = self.r
		return sum(
			(
				r.choice(PRICES) * r.choice((6, 10, 12, 20, 24, 50, 60))
				for _ in range(r.choice((1, 1, 2, 3, 5)))
			),
			D(0),
		)

	def sale(self, day: date) -> None:
		r, books = self.r, self.books
		shop, amount = r.choice(self.shops), self.price()
		clerk = r.choice(DAY_SHIFT + DAY_SHIFT + NIGHT_SHIFT)
		self.number += 1
		rate = D("7.12") if shop in self.foreign else D(1)
		order, note = f"DD{self.number:06d}", f"CK{self.number:06d}"
		books.add(
			"orders",
			OrderFact(
				order,
				shop,
				day,
				amount * rate,
				self.clock(day, "x"),
				BOSS if r.random() < 0.1 else DESK[0],
				day + 2 * ONE,
			),
		)
		goes = self.next_work(day + r.choice((0, 1, 1, 2)) * ONE)
		if goes >= self.last:
			return
		moment = datetime.combine(goes, time(r.randrange(6, 12), r.randrange(60)), SHANGHAI)
		books.add("deliveries", DeliveryFact(note, shop, moment, amount * rate, "仓库", (order,)))
		created = self.clock(goes, clerk)
		if created < moment:
			created = moment + timedelta(hours=1)
		self.to_number.append((created, order, note, shop, amount, clerk, rate))

	def number_until(self, day: date) -> None:
		"""Make the invoices that are entered until a day, in the order of their entry."""
		ready = sorted(one for one in self.to_number if one[0].date() <= day)
		self.to_number = [one for one in self.to_number if one[0].date() > day]
		for created, order, note, shop, amount, clerk, rate in ready:
			bills = ((order, amount * rate), (note, amount * rate))
			one = self.bill(shop, amount, created.date(), created, clerk, bills, rate)
			if self.r.random() < 0.01:
				void = created + timedelta(minutes=1)
				self.books.add("invoices", replace(one, cancelled_on=void, cancelled_by=clerk))
				self.waiting[shop].pop()
				self.bill(shop, amount, created.date(), void, clerk, bills, rate)

	def bill(
		self,
		shop: str,
		amount: D,
		day: date,
		created: datetime | None,
		clerk: str,
		bills: tuple = (),
		rate: D = ONE_TO_ONE,
		due: int | None = None,
	) -> InvoiceFact:
		month = f"{day:%Y%m}"
		self.month_number[month] = self.month_number.get(month, 0) + 1
		self.fapiao += 1
		if self.fapiao % 500 == 0:
			self.fapiao += 41_000
		place = CHAINS.index(self.head[shop][:-2])
		terms = (30, 60, 60, 45, 30, 60, 45, 30)[place]
		one = InvoiceFact(
			f"XS-{month}-{self.month_number[month]:04d}", shop, day, amount, amount * rate, "USD" if rate != 1 else "CNY", day + (due or terms) * ONE,
			created, clerk, number=f"{self.fapiao:08d}", bills=bills, submitted_by=BOSS if self.r.random() < 0.2 else "",
		)  # fmt: skip
		self.books.add("invoices", one)
		late = int(min(max(self.r.gauss((5, 55, 20, 0, 30, 60, 10, 5)[place], 9), -8), 80))
		self.waiting.setdefault(shop, []).append((one, one.due_date + late * ONE))
		return one

	def collect(self, day: date) -> None:
		for shop, found in self.waiting.items():
			ready = [one for one, when in found if when <= day]
			if ready:
				self.waiting[shop] = [pair for pair in found if pair[1] > day]
				self.money(shop, ready, day)

	def money(self, shop: str, ready: list[InvoiceFact], day: date, **more: Any) -> ReceiptFact:
		r = self.r
		total = sum((one.amount for one in ready), D(0))
		rate = ready[0].base_amount / ready[0].amount
		cut = D(r.randrange(1, 9)) if r.random() < 0.15 and rate == 1 and not more else D(0)
		number = len(self.books.rows["receipts"]) + 1
		clerk = r.choice(CASH)
		parts = [AllocationFact(one.name, one.customer, one.amount, day) for one in ready]
		if cut:
			parts[-1] = replace(parts[-1], amount=parts[-1].amount - cut)
			self.books.add(
				"write_offs",
				WriteOffFact(
					Voucher(JOURNAL_ENTRY, f"ML{number:05d}"),
					shop,
					day,
					cut,
					self.clock(self.next_work(day), clerk),
					clerk,
					"",
					ready[-1].name,
				),
				f"ML{number}",
			)
		one = ReceiptFact(
			f"SK{number:05d}", shop, day, total - cut, (total - cut) * rate, ready[0].currency, self.clock(self.next_work(day), clerk), clerk, "",
			payer=self.head[shop] if r.random() < 0.6 else "", allocations=tuple(parts),
		)  # fmt: skip
		return self.books.add("receipts", replace(one, **more) if more else one)

	def people_and_shops(self) -> None:
		r, books = self.r, self.books
		for n, shop in enumerate(self.shops):
			books.add("masters", MasterFact(
				shop, False, self.head[shop], (f"62220210{CHAINS.index(self.head[shop][:-2]):02d}00{r.randrange(10):01d}77",), (f"cw@{CHAINS.index(self.head[shop][:-2])}.example.cn",),
				(f"021-{6_000_0000 + n}",), (), (f"{shop[:4]}路{n + 1}号商场一层",), self.first,
			))  # fmt: skip
		for n, head in enumerate(dict.fromkeys(self.head.values())):
			books.add(
				"masters",
				MasterFact(
					head,
					False,
					head,
					(),
					(),
					(f"021-5{n:07d}",),
					(f"9131{n:014d}",),
					(f"总部大道{n + 1}号二十层",),
					self.first,
				),
			)
		for n in range(45):
			books.add(
				"masters",
				MasterFact(
					f"员工{n:03d}",
					True,
					"",
					(f"6217000{r.randrange(10**12):012d}",),
					(f"yg{n}@qq.example",),
					(f"1380000{n:04d}",),
					(),
					(f"员工宿舍{n + 1}号楼三单元",),
				),
			)

	def returns(self, days: list[date]) -> None:
		r, books = self.r, self.books
		for n, one in enumerate(
			r.sample(
				[
					o
					for o in books.rows["invoices"].values()
					if o.cancelled_on is None and o.customer not in self.foreign
				],
				260,
			)
		):
			day = self.next_work(one.date + r.randrange(2, 30) * ONE)
			amount = (
				one.amount
				if r.random() < 0.25
				else (one.amount * D(r.choice(("0.1", "0.2", "0.5")))).quantize(D("0.01"))
			)
			person = r.choice(DAY_SHIFT)
			if day < self.last:
				books.add(
					"invoices",
					InvoiceFact(
						f"TH-{n:05d}x{n * 7}",
						one.customer,
						day,
						-amount,
						-amount,
						"CNY",
						day,
						self.clock(day, person),
						person,
						True,
						one.name,
						f"H{n * 97}号",
						submitted_by=BOSS,
					),
				)

	def office(self, days: list[date]) -> None:
		"""What an office does besides, as it should."""
		r, books = self.r, self.books
		for n in range(90):
			day, shop = r.choice(days), r.choice(self.shops)
			books.add(
				"terms",
				TermsChangeFact(
					f"XY{n}",
					shop,
					self.clock(day, "x"),
					"吴敏",
					TermsKind.LIMIT,
					D(20_000),
					D(r.choice((15_000, 30_000, 50_000))),
					BOSS,
				),
			)
		for n in range(200):
			day = r.choice(days)
			books.add(
				"releases",
				ReleaseFact(
					f"FX{n}",
					Voucher("Delivery Note", f"KY{n}"),
					r.choice(self.shops),
					self.clock(day, "x"),
					r.choice((BOSS, "吴敏", "周强")),
					D(900),
				),
			)
		for one in r.sample(list(books.rows["invoices"].values()), 300):
			if one.created:
				books.add(
					"edits",
					EditFact(
						one.voucher,
						one.customer,
						one.date,
						one.created + timedelta(minutes=9),
						one.owner,
						r.choice((("remarks",), ("items",), ("tax_id",))),
						one.base_amount,
					),
				)
		end = date(2025, 10, 31)
		while end < self.last - 4 * ONE:
			for shop in self.shops:
				books.add(
					"statements",
					StatementFact(
						f"DZ{shop}{end:%y%m}", shop, end, datetime.combine(end + 3 * ONE, time(10), SHANGHAI)
					),
				)
			end = (
				(end + 32 * ONE).replace(day=1) - ONE
				if (end + ONE).month != 12
				else date(end.year, 12, 31)
				if end.month == 11
				else end + 31 * ONE
			)
			end = (end.replace(day=1) + 32 * ONE).replace(day=1) - ONE
		for n in range(60):
			due = datetime.combine(self.last - n * 6 * ONE, time(12), SHANGHAI)
			for kind in DueKind:
				books.add(
					"dues",
					DueFact(
						kind,
						f"{kind.name}{n}",
						kind.value,
						due,
						due - timedelta(hours=r.randrange(1, 20)),
						"吴敏",
					),
				)


class Faults:
	"""Puts 40 faults into the other company."""

	def __init__(self, company: Retail, days: list[date]):
		self.c, self.b, self.r, self.days = company, company.books, company.r, days
		self.used: set[str] = set()

	def pick(self, test: Any = lambda one: True) -> InvoiceFact:
		"""Return an invoice of its kind that no fault has touched."""
		credited = {one.return_against for one in self.b.rows["invoices"].values()}
		while True:
			one = self.r.choice(list(self.b.rows["invoices"].values()))
			if (
				one.bills and one.created and one.cancelled_on is None and one.name not in self.used | credited and one.customer not in self.c.foreign
				and 100 < (self.c.last - one.date).days < 320 and 6 < one.date.day < 19 and test(one)
			):  # fmt: skip
				self.used.add(one.name)
				return one

	def extra(self, name: str, like: InvoiceFact, **change: Any) -> InvoiceFact:
		self.c.fapiao += 1
		return self.b.add(
			"invoices", replace(like, **{"name": name, "number": f"{self.c.fapiao:08d}", **change})
		)

	def plant(self) -> None:
		"""Put them in."""
		b, r, last = self.b, self.r, self.c.last
		for n in range(2):
			one = self.pick()
			b.add("invoices", replace(one, created=one.created + timedelta(days=4 + n)))
			b.fault("late_billing", one.bills[1][0])
			day = self.c.next_work(last - (20 + 30 * n) * ONE)
			b.add(
				"deliveries",
				DeliveryFact(f"CK-LOST{n}", self.c.shops[n], self.c.clock(day, "x"), D("3588.00"), "仓库"),
			)
			b.fault("delivered_not_billed", f"CK-LOST{n}")
			b.add(
				"orders",
				OrderFact(f"DD-LOST{n}", self.c.shops[n + 5], last - 60 * ONE, D("1299.00"), None, "吴敏"),
			)
			b.fault("ordered_not_billed", f"DD-LOST{n}")
		self.numbers()
		for n in range(3):
			one = self.pick(lambda one: one.amount > 2000)
			billed = [name for name, _ in one.bills]
			if n == 0:
				twin = self.extra(f"XS-FS{n}x", one, created=one.created + timedelta(hours=3))
			else:
				odd = one.amount + D("0.37") + n
				one = b.add("invoices", replace(one, amount=odd, base_amount=odd, bills=()))
				twin = self.extra(f"XS-FS{n}x", one, date=one.date + n * ONE, created=one.created + n * ONE)
			b.fault("duplicate_invoice", one.name, twin.name, *billed)
			self.c.money(twin.customer, [twin], twin.due_date, reference=f"W{n}")
		receipts = [
			one
			for one in b.rows["receipts"].values()
			if len(one.allocations) > 3 and 60 < (last - one.date).days < 250
		]
		for n, one in enumerate(r.sample(receipts, 2)):
			b.add("receipts", replace(one, reference=f"WX{n}8841"))
			again = b.add(
				"receipts",
				replace(one, name=f"SK-ZF{n}", date=one.date + (n + 1) * ONE, reference=f"WX{n}8841"),
			)
			b.fault("duplicate_receipt", one.name, again.name)
		self.changes()
		self.credit_notes_and_write_offs()
		self.habits()
		self.money_faults()
		self.rest()

	def numbers(self) -> None:
		b = self.b
		for _n in range(2):
			numbers = {one.number: one for one in b.rows["invoices"].values()}
			one = self.pick(
				lambda one, numbers=numbers: (
					f"{int(one.number) - 1:08d}" in numbers and f"{int(one.number) + 1:08d}" in numbers
				)
			)
			near = [numbers[f"{int(one.number) + step:08d}"] for step in (-1, 1)]
			b.add("invoices", replace(one, number=""))
			b.fault("number_gap", one.name, *(other.name for other in near))
		one, other = self.pick(), self.pick()
		number = "".join(chr(ord(sign) + 0xFEE0) for sign in one.number)
		b.fault(
			"number_repeat",
			one.name,
			other.name,
			*(
				o.name
				for o in b.rows["invoices"].values()
				if o.number and abs(int(o.number.strip("H号") or 0) - int(other.number)) == 1
			),
		)
		b.add("invoices", replace(other, number=number))

	def changes(self) -> None:
		b = self.b
		for n in range(2):
			one = self.pick()
			b.add("invoices", replace(one, created=one.created + timedelta(days=48 + n), bills=()))
			b.fault("backdated", one.name, *(name for name, _ in one.bills))
		one = self.pick()
		b.add("invoices", replace(one, cancelled_on=one.created + timedelta(days=61), cancelled_by="刘洋"))
		b.fault("cancelled_late", one.name, *(name for name, _ in one.bills))
		one = self.pick()
		b.add(
			"edits",
			EditFact(
				one.voucher,
				one.customer,
				one.date,
				one.created + timedelta(days=40),
				"张伟",
				("base_grand_total",),
				one.base_amount,
			),
		)
		b.fault("edited_late", one.name)
		one = self.pick(lambda one: one.date.day > 12)
		end = (one.date + 20 * ONE).replace(day=1) - ONE
		end = end if end > one.date else (one.date.replace(day=28) + 4 * ONE).replace(day=1) - ONE
		b.add(
			"edits",
			EditFact(
				one.voucher,
				one.customer,
				one.date,
				datetime.combine(end + 7 * ONE, time(12), SHANGHAI),
				"张伟",
				("due_date",),
				one.base_amount,
			),
		)
		b.fault("against_statement", one.name)

	def credit_notes_and_write_offs(self) -> None:
		b, r = self.b, self.r
		credited = {o.return_against for o in b.rows["invoices"].values()}
		end = date(2026, 6, 30)
		one = next(
			o
			for o in b.rows["invoices"].values()
			if o.date in (end, end - ONE)
			and o.cancelled_on is None
			and o.name not in credited
			and not o.is_return
			and o.customer not in self.c.foreign
		)
		note = InvoiceFact(
			"TH-JD",
			one.customer,
			end + 3 * ONE,
			-one.amount,
			-one.amount,
			"CNY",
			None,
			self.c.clock(end + 3 * ONE, "x"),
			"吴敏",
			True,
			one.name,
			submitted_by=BOSS,
		)
		b.add("invoices", note)
		b.fault("credit_note_after_end", "TH-JD")
		one = self.pick(lambda one: not one.submitted_by)
		b.add(
			"invoices",
			replace(
				note,
				name="TH-ZJ",
				customer=one.customer,
				amount=-one.amount,
				base_amount=-one.amount,
				return_against=one.name,
				date=one.date + ONE,
				created=one.created + timedelta(days=1),
				owner=one.owner,
				submitted_by="",
			),
		)
		b.fault("credit_note_by_maker", "TH-ZJ")
		for n in range(2):
			names = [f"HX{n}{k}" for k in range(2 + n)]
			for k, name in enumerate(names):
				day = self.days[100 + 40 * n + 2 * k]
				b.add(
					"write_offs",
					WriteOffFact(
						Voucher(JOURNAL_ENTRY, name),
						self.c.shops[n + 20],
						day,
						D(150 - 5 * k),
						self.c.clock(day, "x"),
						"孙丽",
					),
					name,
				)
			b.fault("write_off_split", *names)
		names = [f"HY{k}" for k in range(10)]
		for k, name in enumerate(names):
			day = r.choice(self.days[40:])
			b.add(
				"write_offs",
				WriteOffFact(
					Voucher(JOURNAL_ENTRY, name),
					self.c.shops[k + 30],
					day,
					D(r.randrange(181, 200)),
					self.c.clock(day, "x"),
					"周强",
				),
				name,
			)
		b.fault("write_off_just_under", *names)

	def habits(self) -> None:
		b = self.b
		mine = [
			one
			for one in b.rows["invoices"].values()
			if one.owner == "李娜"
			and (one.date.year, one.date.month) == (2026, 4)
			and one.name not in self.used
			and one.cancelled_on is None
			and not one.is_return
		]
		seen: dict[date, InvoiceFact] = {}
		for one in mine:
			seen.setdefault(one.date, one)
		chosen = list(seen.values())[:8]
		for one in chosen:
			b.add(
				"invoices",
				replace(one, created=datetime.combine(one.date + ONE, time(2, 30), SHANGHAI), bills=()),
			)
		b.fault("nights", *(one.name for one in chosen), *(name for one in chosen for name, _ in one.bills))
		names = []
		for n in range(4):
			sunday = date(2026, 7, 5) + n * 7 * ONE
			one = next(
				o for o in b.rows["receipts"].values() if o.owner == "周强" and 0 < (sunday - o.date).days < 6
			)
			b.add("receipts", replace(one, created=datetime.combine(sunday, time(15), SHANGHAI)))
			names.append(one.name)
		b.fault("days_off", *names)
		names = []
		for n in range(24):
			day = [d for d in self.days if (d.year, d.month) == (2026, 5)][n % 20]
			amount = D((1 + n % 9) * 1000 + n // 9 * 100)
			one = self.c.bill(self.c.shops[n + 40], amount, day, self.c.clock(day, "张伟"), "张伟")
			names.append(one.name)
		b.fault("round_amounts", *names)

	def money_faults(self) -> None:
		b, c = self.b, self.c
		shops = [shop for shop in c.shops if shop not in c.foreign]
		for n in range(2):
			one = next(
				o
				for o in b.rows["receipts"].values()
				if o.allocations
				and (c.last - o.date).days < 200 - 50 * n
				and o.customer in shops[:100]
				and not o.name.startswith("SK-")
				and not o.reference
			)
			stranger = next(shop for shop in shops if c.head[shop] != c.head[one.customer])
			b.add(
				"receipts",
				replace(
					one,
					payer="",
					allocations=(
						replace(one.allocations[0], customer=stranger, invoice="XS-ANY"),
						*one.allocations[1:],
					),
				),
			)
			b.fault("allocated_elsewhere", one.name, one.allocations[0].invoice)
		names = []
		for k in range(5):
			credited, payer = shops[60 + k], shops[61 + k]
			day = c.next_work(date(2026, 8, 3) + 4 * k * ONE)
			one = c.bill(credited, D(f"{2300 + 77 * k}.15"), day - 60 * ONE, None, "王芳")
			c.waiting[credited].pop()
			paid = c.money(credited, [one], day, payer=payer, owner="孙丽")
			names += [paid.name, one.name]
		b.fault("lapping", *names)
		for n in range(2):
			b.add(
				"receipts",
				ReceiptFact(
					f"SK-YS{n}", shops[n], c.last - (50 + n) * ONE, D("5000"), D("5000"), "CNY", None, "孙丽"
				),
			)
			b.fault("unallocated_receipt", f"SK-YS{n}")

	def rest(self) -> None:
		b, c, r = self.b, self.c, self.r
		orders = [
			one
			for one in b.rows["orders"].values()
			if one.created and 40 < (c.last - one.date).days < 250 and one.base_amount > 2000
		]
		one, other = r.sample(orders, 2)
		b.add(
			"terms",
			TermsChangeFact(
				"XY-A",
				one.customer,
				one.created - timedelta(minutes=2),
				one.owner,
				TermsKind.LIMIT,
				D(1000),
				D(90_000),
			),
		)
		b.fault("terms_before_order", one.name)
		b.add(
			"terms",
			TermsChangeFact(
				"XY-B",
				other.customer,
				other.created - timedelta(minutes=2),
				"吴敏",
				TermsKind.DAYS,
				D(30),
				D(90),
			),
		)
		b.fault("terms_before_order", other.name)
		names = [f"KY-A{n}" for n in range(5)]
		for n, name in enumerate(names):
			b.add(
				"releases",
				ReleaseFact(
					f"FX-A{n}",
					Voucher("Delivery Note", name),
					c.shops[77],
					c.clock(self.days[200 + 8 * n], "x"),
					"吴敏",
					D(800),
				),
			)
		b.fault("released_again", *names)
		old = c.bill(c.shops[3], D("18765.40"), self.days[80], c.clock(self.days[80], "王芳"), "王芳", due=30)
		c.waiting[c.shops[3]].pop()
		b.fault("sold_while_overdue", old.name)
		b.add("masters", replace(b.rows["masters"][c.shops[9]], phones=("+86 138 0000 0013",)))
		b.fault("shared_details", c.shops[9], "员工013")
		b.add(
			"masters",
			replace(
				b.rows["masters"][c.shops[12]],
				addresses=(b.rows["masters"][c.shops[21]].addresses[0].replace("路", "路 "),),
			),
		)
		b.fault("shared_details", c.shops[12])
		b.add("ties", TieFact(c.shops[2], "1122 应收账款", D("50.00")))
		b.fault("ledger_untied", c.shops[2])
		for code, kind, late in (("backup_overdue", DueKind.BACKUP, 4), ("reconciliation_overdue", DueKind.RECONCILIATION, 9), ("procedure_overdue", DueKind.PROCEDURE, 1)):  # fmt: skip
			b.add(
				"dues",
				DueFact(
					kind, f"过期{code}", kind.value, datetime.combine(c.last - late * ONE, time(9), SHANGHAI)
				),
			)
			b.fault(code, f"过期{code}")


def retail(seed: int, **size: Any) -> PlantedCompany:
	"""Return the company of a seed with its faults."""
	return Retail(seed, **size).made()
