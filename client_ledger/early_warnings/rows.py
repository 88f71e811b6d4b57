"""Warnings as rows: one per signal, customer and episode, made once, brought up to date while it is raised, ended when it is silent.

what is raised today + open episodes -> compare_episodes -> rows
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from hashlib import md5
from typing import Any, NamedTuple

import frappe
from frappe.utils import flt, getdate

from client_ledger.core.early_warnings.catalogue import BY_CODE
from client_ledger.core.early_warnings.episodes import WarningEpisode, compare_episodes
from client_ledger.core.early_warnings.signals import RaisedSignal
from client_ledger.early_warnings.responsible import enabled_of, looking_after
from client_ledger.early_warnings.statuses import BAD_ALREADY, CLOSED, OPEN, SILENT, SNOOZED
from client_ledger.site.doctypes import CLIENT_ACCOUNT, EARLY_WARNING
from client_ledger.site.jobs import each_or_log
from client_ledger.site.language import site_language, spoken
from client_ledger.site.reasons import stored_reason

BATCH = 100


class Written(NamedTuple):
	"""How many warnings were made, brought up to date and ended."""

	new: int = 0
	still: int = 0
	over: int = 0


def write(
	company: str,
	found: Sequence[RaisedSignal],
	today: date,
	looked_at: Collection[str] | None,
	serious_days: int = 0,
	scores: Mapping[str, float] | None = None,
) -> Written:
	"""Bring the warnings of *company* into line with what is raised *today*. Commits; what fails is logged and left for the next night.

	looked_at: the customers that were looked at ("" for the company itself), None for all. scores: chance of turning bad, 0 to 1.
	"""
	compared = compare_episodes(_stored(company, looked_at, today), found, today, looked_at)
	subjects = sorted({episode.subject for episode, _one in (*compared.new, *compared.still)} - {""})
	details = _accounts(company, subjects)
	currency = frappe.get_cached_value("Company", company, "default_currency")
	enabled = enabled_of(user for account in details.values() for user in looking_after(account))
	common = _Common(company, currency, today, serious_days, details, scores or {}, enabled)
	made, _failed = each_or_log(
		compared.new,
		lambda batch: sum(_insert(common, *one) for one in batch),
		title=f"{company}: warnings not raised",
		doctype="Company",
		size=BATCH,
		name=lambda one: f"{one[0].signal} {one[0].subject}",
	)
	each_or_log(
		compared.still,
		lambda batch: [_bring_up_to_date(common, *one) for one in batch],
		title=f"{company}: warnings not brought up to date",
		doctype="Company",
		size=BATCH,
		name=lambda one: f"{one[0].signal} {one[0].subject}",
	)
	for episode in compared.over:
		_end(company, episode, today)
	frappe.db.commit()  # nosemgrep: what has ended
	return Written(sum(made), len(compared.still), len(compared.over))


class _Common(NamedTuple):
	company: str
	currency: str
	today: date
	serious_days: int
	accounts: Mapping[str, frappe._dict]
	scores: Mapping[str, float]
	# Who may log in, of those who look after the customers.
	enabled: Collection[str]


def _stored(company: str, looked_at: Collection[str] | None, today: date) -> list[WarningEpisode]:
	rows = frappe.get_all(
		EARLY_WARNING,
		{"company": company, "ended_on": ("is", "not set")},
		["signal", "customer", "raised_on", "last_on"],
		order_by="raised_on, name",
	)
	found: dict[tuple[str, str], WarningEpisode] = {}
	for row in rows:
		subject = row.customer or ""
		if looked_at is not None and subject not in looked_at:
			continue
		episode = WarningEpisode(row.signal, subject, getdate(row.raised_on), getdate(row.last_on))
		if older := found.get((row.signal, subject)):
			# Two customers were merged: one episode goes on.
			_end(company, older, today)
		found[row.signal, subject] = episode
	return list(found.values())


def _accounts(company: str, customers: Sequence[str]) -> dict[str, frappe._dict]:
	if not customers:
		return {}
	rows = frappe.get_all(
		CLIENT_ACCOUNT,
		{"company": company, "customer": ("in", customers)},
		["customer", "customer_name", "collector", "account_manager", "receivable"],
		order_by="name",
	)
	return {row.customer: row for row in rows}


def key_of(signal: str, company: str, subject: str, start: date) -> str:
	"""Return what a warning is known by. It fits a column, however long the names are."""
	whole = f"{signal}|{start}|{company}|{subject}"
	return whole if len(whole) <= 140 else f"{whole[:107]}|{md5(whole.encode()).hexdigest()}"


def _insert(common: _Common, episode: WarningEpisode, one: RaisedSignal) -> int:
	"""Make a warning; return 0 where another job was faster."""
	key = key_of(episode.signal, common.company, episode.subject, episode.start)
	if frappe.db.exists(EARLY_WARNING, {"warning_key": key}):
		return 0
	account = common.accounts.get(episode.subject, frappe._dict())
	doc = frappe.new_doc(EARLY_WARNING)
	doc.update(
		{
			"customer": episode.subject or None,
			"company": common.company,
			"signal": episode.signal,
			"signal_name": BY_CODE[episode.signal].name,
			"status": OPEN,
			"responsible": next((user for user in looking_after(account) if user in common.enabled), None),
			"raised_on": episode.start,
			"last_on": episode.last,
			"was_bad": int(one.was_bad),
			"outcome": BAD_ALREADY if one.was_bad else "",
			"outcome_on": common.today if one.was_bad else None,
			"serious_days": common.serious_days,
			"warning_key": key,
			**_figures(common, episode.subject, one),
		}
	)
	frappe.db.savepoint("early_warning")
	try:
		doc.insert(ignore_permissions=True)
	except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
		frappe.db.rollback(save_point="early_warning")
		frappe.clear_last_message()
		return 0
	return 1


def _figures(common: _Common, subject: str, one: RaisedSignal) -> dict[str, Any]:
	account = common.accounts.get(subject, frappe._dict())
	with spoken(site_language()):
		reason = stored_reason(one.because, common.currency)
	return {
		"severity": one.severity.value,
		"score": round(100 * common.scores.get(subject, 0.0), 1),
		"proposed_action": one.action.value,
		"amount": flt(account.receivable),
		"currency": common.currency,
		**reason,
	}


def _bring_up_to_date(common: _Common, episode: WarningEpisode, one: RaisedSignal) -> None:
	name = _name(common.company, episode)
	if name:
		values = {"last_on": episode.last, **_figures(common, episode.subject, one)}
		frappe.db.set_value(EARLY_WARNING, name, values, update_modified=False)


def _end(company: str, episode: WarningEpisode, today: date) -> None:
	name = _name(company, episode)
	if not name:
		return
	values: dict[str, Any] = {"ended_on": today}
	if frappe.db.get_value(EARLY_WARNING, name, "status", for_update=True) in (OPEN, SNOOZED):
		values |= {"status": CLOSED, "closed_because": SILENT, "snoozed_until": None}
	frappe.db.set_value(EARLY_WARNING, name, values, update_modified=False)


def _name(company: str, episode: WarningEpisode) -> str | None:
	# By its fields: a customer may have been renamed since.
	return frappe.db.get_value(
		EARLY_WARNING,
		{
			"company": company,
			"signal": episode.signal,
			"customer": episode.subject or ("is", "not set"),
			"raised_on": episode.start,
			"ended_on": ("is", "not set"),
		},
	)
