"""What a shipped policy would send from a store: the plan of a day, its letters, the past replayed. Nothing is sent.

The past is read in batches of customers, since nothing in it goes from one to another.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from client_ledger.core.dunning.past import past_items
from client_ledger.core.dunning.plan import DueItemKey, DunningHistory, Notice, Reached, plan
from client_ledger.core.dunning.policy import Policy
from client_ledger.core.dunning.replay import PastItem, Replay, reach, replay
from client_ledger.core.entries import SALES_INVOICE
from client_ledger.core.outbox.calendar import WEEKEND, Hours
from client_ledger.core.outbox.message import Party
from client_ledger.dunning.letters import template_values
from client_ledger.dunning.policies import default_policies
from client_ledger.ledger.database import chunks
from client_ledger.ledger.reader import Ledger, Scope
from client_ledger.preview import i18n
from client_ledger.preview.i18n import _
from client_ledger.preview.store import ledger_file

HOURS = Hours(closed=WEEKEND)
LOOK_BACK_DAYS = 730
BATCH = 200
PAGE = """<!DOCTYPE html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ subject }}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111}</style></head>
<body><p><b>{{ subject }}</b></p>{{ html }}</body></html>
"""


@dataclass(frozen=True, slots=True)
class DunnedCompany:
	"""A company in a store, up to a day. names, entries: per customer, what it is called and how many it has."""

	ledger: Ledger
	company: str
	today: date
	names: Mapping[str, str]
	entries: Mapping[str, int]

	def name_of(self, customer: str) -> str:
		"""Return what a customer is called."""
		return self.names.get(customer) or customer

	def past(self, customers: Sequence[str]) -> list[PastItem]:
		"""Return the invoices of *customers* with what was open of them when."""
		entries = self.ledger.unmoved_entries(Scope((self.company,), tuple(customers)), self.today)
		names = {entry.against.name for entry in entries if entry.against.doctype == SALES_INVOICE}
		return past_items(
			entries, self.ledger.invoices(names), self.ledger.accounts, self.ledger.terms_by_day(names)
		)

	def replays(
		self, policies: Sequence[Policy], since: date, until: date, customers: Iterable[str] | None = None
	) -> list[Replay]:
		"""Return what each policy would have sent; customers: all of them where none are named."""
		found = [Replay(since, until) for _policy in policies]
		for batch in chunks(sorted(self.names) if customers is None else customers, BATCH):
			# What was gone before is part of no message.
			items = [item for item in self.past(batch) if not item.gone_on or item.gone_on >= since]
			for one, policy in zip(found, policies, strict=True):
				one.messages.extend(replay(items, policy, since, until, HOURS).messages)
		return found

	def notices(self, policy: Policy, already_on: bool = False) -> list[Notice]:
		"""Return what the policy would send today: switched on today, or on for two years already."""
		history = DunningHistory()
		if already_on:
			since = self.today - timedelta(LOOK_BACK_DAYS)
			history = history_of(self.replays([policy], since, self.today - timedelta(1))[0])
		items = self.ledger.open_items(Scope((self.company,)), self.today)
		policies = {(item.customer, item.company): policy for item in items}
		return plan(items, policies, history, (), self.today)


def read_company(connection: sqlite3.Connection, company: str, today: date) -> DunnedCompany:
	"""Return a company of a store."""
	rows = connection.execute(
		"""
select p.party, max(c.customer_name), count(*) from `tabPayment Ledger Entry` p
left join tabCustomer c on c.name = p.party
where p.company = ? and p.party_type = 'Customer' group by p.party""",
		(company,),
	).fetchall()
	names = {customer: name for customer, name, _count in rows}
	entries = {customer: count for customer, _name, count in rows}
	return DunnedCompany(ledger_file.ledger(connection), company, today, names, entries)


def history_of(before: Replay) -> DunningHistory:
	"""Return what the messages of a replay have brought to the customers."""
	reached: dict[DueItemKey, Reached] = {}
	last: dict[Party, date] = {}
	for message in before.messages:
		last[message.party] = message.day
		for line in message.lines:
			reached[line.key] = reach(reached.get(line.key, Reached()), line, message.day)
	return DunningHistory(reached, last)


def write_letters(found: DunnedCompany, title: str, folder: Path, already_on: bool = False) -> list[Path]:
	"""Write the letters of the policy called *title*; return their files, the list of them not included."""
	folder.mkdir(parents=True, exist_ok=True)
	written, rows = [], []
	for notice in found.notices(default_policies.rules(title), already_on):
		letter = default_policies.letter_of_step(title, notice.step.number)
		if notice.reason or not letter:
			continue
		subject, html = _letter(found, notice, letter)
		path = folder / f"{len(written) + 1:04d}.html"
		_write_page(path, subject, html)
		written.append(path)
		row = Markup('<p><a href="{}">{}</a>: {}, {}</p>')
		rows.append(row.format(path.name, found.name_of(notice.party.customer), _(notice.step.name), subject))
	_write_page(folder / "index.html", _("Letters of {0}").format(found.today), Markup().join(rows))
	return written


def _letter(found: DunnedCompany, notice: Notice, letter: str) -> tuple[str, Markup]:
	"""Return subject and text of a notice's letter, in the language spoken now."""
	language = i18n.language()
	subject, text = default_policies.read_letter(letter, language)
	customer = notice.party.customer
	reader = template_values.LetterReader(customer, found.name_of(customer))
	values = template_values.values_of(notice, reader, template_values.Charges(), found.today, language, _)
	values["items_table"] = Markup(values["items_table"])
	plain = Environment(undefined=StrictUndefined, autoescape=False)
	return plain.from_string(subject).render(values), Markup(_html().from_string(text).render(values))


def _write_page(path: Path, subject: str, html: Markup) -> None:
	page = {"subject": subject, "html": html, "language": i18n.language()}
	path.write_text(_html().from_string(PAGE).render(page), encoding="utf-8")


def _html() -> Environment:
	return Environment(undefined=StrictUndefined, autoescape=True)
