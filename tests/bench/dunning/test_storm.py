"""A mail server that fails at random, workers that are killed, customers who pay meanwhile: nothing lost, nothing doubled.

Hours of planning and sending, with real commits, against a real mail server. CLIENT_LEDGER_SEED chooses other accidents,
CLIENT_LEDGER_NOTICES how many customers there are (default 40), CLIENT_LEDGER_KILLS how many workers are killed.
"""

import os
import random
import re
import time
from collections import Counter
from statistics import median

import frappe
from frappe.utils import add_days, nowdate

from client_ledger.dunning import runs
from client_ledger.outbox import decisions, mail_delivery
from client_ledger.outbox.exceptions import list_exceptions
from client_ledger.site.doctypes import LEDGER_NOTICE
from tests.bench import factories as f
from tests.bench.dunning import killed, smtp
from tests.bench.dunning.setting import COMPANY, ago, at, make_debtor, make_policy
from tests.bench.dunning.smtp import flush
from tests.bench.dunning.test_killed import a_quarter_of_an_hour_passes, finish, hours_pass, mailbox  # noqa: F401

SEED = int(os.environ.get("CLIENT_LEDGER_SEED", "20261127"))
CUSTOMERS = int(os.environ.get("CLIENT_LEDGER_NOTICES", "40"))
KILLS = int(os.environ.get("CLIENT_LEDGER_KILLS", "5"))
STAGES = (*killed.DELIVERY, "before_smtp", "in_smtp", "withdrawn", "while_sending", "while_planning")
# Customers whose documents are entered, not copied.
ENTERED = 40
# How many customers pay, promise or are blocked between two rounds.
MOST_DEEDS = 60
# Rounds of sending under accidents, then without any until nothing moves.
ROUNDS = 5


class Story:
	"""What happens to whom. The server's faults and the customers' deeds come from one random source."""

	def __init__(self, mailbox: smtp.Mailbox, rng: random.Random):  # noqa: F811
		self.mailbox, self.rng = mailbox, rng
		self.names = [f"Storm {number}" for number in range(CUSTOMERS)]
		self.settled: set[str] = set()
		self.blocked: dict[str, str] = {}
		self.wrong: list[str] = []
		self.deeds: Counter[str] = Counter()
		self.faults: Counter[str] = Counter()
		self.written: Counter[str] = Counter()
		self.decided: list[float] = []

	def begin(self) -> None:
		"""Every customer owes something. The first ones are entered, the others are copies of them: thousands would take long."""
		self.invoices = {}
		for name in self.names[:ENTERED]:
			make_debtor(name)
			invoice = f.make_invoice(name, self.rng.randint(50, 500), ago(40), due_date=ago(10))
			self.invoices[name] = invoice.name
		for number, name in enumerate(self.names[:ENTERED]):
			if others := self.names[ENTERED + number :: ENTERED]:
				self._copy(name, others)
		make_policy("Storm", customers=self.names)
		frappe.db.commit()

	def _copy(self, name: str, names: list[str]) -> None:
		"""Give each of *names* what customer *name* has: contact, invoice and its entries."""
		invoice = self.invoices[name]
		contact = frappe.db.get_value("Dynamic Link", {"link_name": name, "parenttype": "Contact"}, "parent")
		wanted = [
			("Customer", "name", name),
			("Contact", "name", contact),
			*((table, "parent", contact) for table in ("Contact Email", "Contact Phone", "Dynamic Link")),
			("Sales Invoice", "name", invoice),
			*((table, "parent", invoice) for table in ("Sales Invoice Item", "Payment Schedule")),
			*((table, "voucher_no", invoice) for table in ("Payment Ledger Entry", "GL Entry")),
		]
		for doctype, field, value in wanted:
			rows = frappe.get_all(doctype, {field: value}, ["*"], limit_page_length=0)
			assert rows, (doctype, value)
			self._copy_rows(doctype, rows, name, names)

	def _copy_rows(self, doctype: str, rows: list[dict], name: str, names: list[str]) -> None:
		invoice, address = self.invoices[name], smtp_address(name)
		fields = list(rows[0])
		copied = []
		for other in names:
			self.invoices[other] = f"{invoice}-{frappe.scrub(other)}"
			texts = ((invoice, self.invoices[other]), (address, smtp_address(other)))
			for row in rows:
				values = dict(row)
				if row["name"] not in (invoice, name) and name not in row["name"]:
					values["name"] = f"{row['name']}-{frappe.scrub(other)}"
				for field, value in values.items():
					if isinstance(value, str):
						for old, new in texts:
							value = value.replace(old, new)
						# Whole names only: Storm 1 is not in Storm 12.
						values[field] = re.sub(rf"{name}(?!\d)", other, value)
				copied.append(tuple(values[field] for field in fields))
		frappe.db.bulk_insert(doctype, fields, copied)

	def fault(self, address: str) -> str | None:
		"""Return what goes wrong with a message; a third of all mails meet something.

		It goes by how often the address was written to, whatever the order of the queue.
		"""
		self.written[address] += 1
		rng = random.Random(f"{SEED}|{address}|{self.written[address]}")
		found = rng.choice(smtp.FAULTS) if rng.random() < 0.35 else None
		self.faults[found or "none"] += 1
		return found

	def people_act(self) -> None:
		"""Some pay, all or in part; some are blocked, for a day or until somebody lifts it; some are let go again."""
		for name in self.rng.sample(self.names, min(max(len(self.names) // 8, 1), MOST_DEEDS)):
			deed = self.rng.choice(("pay", "pay", "part", "block", "promise", "lift"))
			if name in self.settled:
				continue
			self.deeds[deed] += 1
			if deed in ("pay", "part"):
				self._pay(name, wholly=deed == "pay")
			elif deed == "lift":
				self._lift(name)
			elif name not in self.blocked:
				reason = "Promise to Pay" if deed == "promise" else "Goodwill"
				row = {"doctype": "Dunning Block", "customer": name, "from_date": ago(1), "reason": reason}
				row["until"] = add_days(nowdate(), 1) if deed == "promise" else None
				self.blocked[name] = frappe.get_doc(row).insert().name
		frappe.db.commit()

	def _pay(self, name: str, wholly: bool) -> None:
		invoice = frappe.get_doc("Sales Invoice", self.invoices[name])
		left = invoice.outstanding_amount
		amount = left if wholly else round(left / 2, 2)
		f.make_payment(name, amount, nowdate(), against=[(invoice, amount)])
		if wholly:
			self.settled.add(name)

	def _lift(self, name: str) -> None:
		if name in self.blocked:
			block = frappe.get_doc("Dunning Block", self.blocked.pop(name))
			block.lifted = 1
			block.save()

	def promises_end(self) -> None:
		"""Their day is over."""
		lasting = {"until": ("is", "not set"), "lifted": 0}
		self.blocked = {
			name: block
			for name, block in self.blocked.items()
			if frappe.db.exists("Dunning Block", {"name": block, **lasting})
		}

	def send(self, stage: str = "none") -> None:
		"""Let Frappe send its queue; in a process that is killed at a stage, or two at once, or here. Look at what arrives."""
		before, spared = len(self.mailbox.received), {*self.settled, *self.blocked}
		if stage != "none":
			workers = [killed.start(frappe.local.site, each) for each in (stage, "none")]
			assert all(finish(worker) in (0, -9) for worker in workers)
			frappe.db.commit()
			a_quarter_of_an_hour_passes()
		else:
			try:
				flush()
			except smtp.Brake:
				self.deeds["Frappe's brake"] += 1
			frappe.db.commit()
		unwanted = {smtp_address(name) for name in spared}
		for recipients, _message in self.mailbox.received[before:]:
			self.wrong += [address for address in recipients if address in unwanted]


def smtp_address(name: str) -> str:
	return f"{frappe.scrub(name)}@debtor.example"


def copies(mailbox: smtp.Mailbox) -> Counter[str]:  # noqa: F811
	"""Count what arrived by notice, as the Message-ID names it."""
	return Counter(
		re.match(r"<([^.]+)\.", message["Message-Id"]).group(1) for _to, message in mailbox.received
	)


def test_a_storm(mailbox, tell, monkeypatch, capsys):  # noqa: F811
	rng = random.Random(SEED)
	frappe.db.delete("Dunning Run")
	frappe.db.set_single_value("Dunning Settings", {"messages_per_commit": 50, "customers_per_job": 500})
	story = Story(mailbox, rng)
	decide = mail_delivery.MailDelivery._decide

	def timed(*arguments):
		begun = time.perf_counter()
		try:
			return decide(*arguments)
		finally:
			story.decided.append(time.perf_counter() - begun)

	monkeypatch.setattr(mail_delivery.MailDelivery, "_decide", timed)
	story.begin()
	mailbox.reset()
	mailbox.fault = story.fault
	stages = [rng.choice(STAGES) for _kill in range(KILLS)] + ["none"] * ROUNDS
	rng.shuffle(stages)
	started = time.monotonic()
	for number, stage in enumerate(stages):
		with capsys.disabled():
			# The runner stops what says nothing for long.
			print(f"storm: round {number + 1} of {len(stages)}", flush=True)
		hour = min(9 + number, 20)
		if stage in ("while_sending", "while_planning"):
			assert finish(killed.start(frappe.local.site, stage, str(at(0, hour)))) in (0, -9)
			frappe.db.commit()
			hours_pass()
			stage = "none"
		runs.work(at(0, hour), in_process=True)
		frappe.db.commit()
		story.people_act()
		story.send(stage)
	# The storm is over: what was refused is sent, also what failed for good and rests until the next attempt.
	mailbox.fault = smtp.no_fault
	for hour in (12, 16, 20, 23):
		runs.work(at(1, hour), in_process=True)
		frappe.db.commit()
		a_quarter_of_an_hour_passes()
		frappe.get_attr("frappe.email.queue.retry_sending_emails")()
		story.send()
	# Promises are over on the next day, and what waited for them goes out.
	story.promises_end()
	for hour in (12, 16, 20):
		runs.work(at(2, hour), in_process=True)
		frappe.db.commit()
		story.send()
	judge(story, mailbox, tell, time.monotonic() - started)
	frappe.db.set_value("Dunning Policy", "Storm", "mode", "Off")
	frappe.db.commit()


def judge(story: Story, mailbox: smtp.Mailbox, tell, seconds: float) -> None:  # noqa: F811
	"""Compare what arrived with what the notices say, and with what the customers did."""
	rows = frappe.get_all(
		LEDGER_NOTICE,
		{"customer": ("in", story.names)},
		["name", "customer", "status", "reason", "taken_back", "email_queue"],
		limit_page_length=0,
	)
	arrived = copies(mailbox)
	doubled = {name: number for name, number in arrived.items() if number > 1}
	lost = [row for row in rows if row.status == "Sent" and not arrived[row.name]]
	unknown = set(arrived) - {
		row.name for row in rows if row.status == "Sent" or row.reason == "Delivery Unknown"
	}
	statuses = Counter((row.status, row.reason) for row in rows)
	tell(
		f"storm, seed {SEED}: {len(rows)} notices, {sum(arrived.values())} mails arrived, {len(doubled)} doubled, {len(lost)} lost, "
		f"{len(story.wrong)} to who had paid or was blocked; withdrawn {sum(row.taken_back or 0 for row in rows)} times; "
		f"{dict(statuses)}; faults {dict(story.faults)}; deeds {dict(story.deeds)}; {seconds:.0f} s; "
		f"deciding once more took {1000 * median(story.decided or [0]):.0f} ms a mail (median of {len(story.decided)})"
	)
	assert not doubled
	assert not lost
	assert not unknown
	assert not story.wrong
	# Everybody who owes and may be written to was written to, or it is in doubt and a person is told.
	reached = {row.customer for row in rows if row.status == "Sent" or row.reason == "Delivery Unknown"}
	assert set(story.names) - story.settled - set(story.blocked) <= reached
	assert not [row for row in rows if row.status == "Sending"]
	doubts = {row.name for row in rows if row.reason == "Delivery Unknown"}
	listed = [
		group for group in list_exceptions([COMPANY], at(2, 23)) if group["reason"] == "Delivery Unknown"
	]
	assert doubts <= {row["name"] for group in listed for row in group["notices"]} or len(doubts) > 200
	# A person decides on what is in doubt: what did not arrive is sent, what did is not.
	decisions.confirm_arrived([name for name in doubts if arrived[name]])
	decisions.try_again([name for name in doubts if not arrived[name]])
	runs.work(at(3, 9), in_process=True)
	frappe.db.commit()
	story.send()
	assert max(copies(mailbox).values()) == 1 and not story.wrong
