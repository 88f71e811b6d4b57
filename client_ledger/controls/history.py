"""What a control would have found in the past, and what other parameters would leave of it: shown before it is switched on.

It takes a while, so it runs as a background job, once for the same question at a time, and hands its result to a receiver.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import frappe
from frappe.utils import getdate

from client_ledger.controls.passes import passes
from client_ledger.core.controls.catalogue import CONTROLS
from client_ledger.core.controls.company import ControlFacts
from client_ledger.core.controls.control import Control
from client_ledger.core.controls.parameters import fingerprint, read_parameters
from client_ledger.core.controls.run import Rerun, findings, history
from client_ledger.core.flows import months_before

MONTHS = 12
# What a month is compared with, such as a person's other months.
_BEFORE = timedelta(days=184)
_SHOWN = 5


@dataclass
class PastMonth:
	"""What a control would have found in a month, and with other parameters. month: its first day; keys: the first few."""

	month: str
	found: int = 0
	with_values: int = 0
	keys: list[str] = field(default_factory=list)


@dataclass
class ControlPast:
	"""A control's past, as JSON carries it.

	before: what would have been there when the first month began. found, now: by the shipped parameters; with_values,
	now_with_values: by those asked for. has_past: whether its facts say when they came about; silent: why it can say nothing.
	"""

	control: str
	company: str
	values: dict[str, str]
	fingerprint: str
	today: str
	months: list[PastMonth] = field(default_factory=list)
	before: int = 0
	found: int = 0
	with_values: int = 0
	now: int = 0
	now_with_values: int = 0
	has_past: bool = True
	silent: str = ""

	def as_dict(self) -> dict[str, Any]:
		"""Return it as JSON carries it."""
		return asdict(self)


def enqueue_past(company: str, code: str, values: Mapping[str, object], receiver: str) -> None:
	"""Look at a control's past in the background. receiver: the dotted path of what is called with (company, code, result)."""
	question = sha256(f"{company}|{code}|{sorted(values.items())}".encode()).hexdigest()[:24]
	frappe.enqueue(
		tell_past,
		queue="long",
		job_id=f"control-past-{question}",
		deduplicate=True,
		company=company,
		code=code,
		values=dict(values),
		receiver=receiver,
	)


def tell_past(company: str, code: str, values: Mapping[str, object], receiver: str) -> None:
	"""Look at a control's past and hand it over. The receiver commits."""
	frappe.get_attr(receiver)(company, code, past_of(company, code, values))


def past_of(
	company: str,
	code: str,
	values: Mapping[str, object] | None = None,
	months: int = MONTHS,
	today: date | None = None,
) -> dict[str, Any]:
	"""Return what a control would have found in the last months, by the shipped parameters and by *values*.

	Raises KeyError for an unknown control, ValueError for values beyond their bounds.
	"""
	control, today = CONTROLS[code], today or getdate()
	chosen, problems = read_parameters(control, values or {})
	if problems:
		raise ValueError(", ".join(one.name for one in problems))
	past = ControlPast(
		code,
		company,
		{name: f"{value.normalize():f}" for name, value in chosen.items()},
		fingerprint(chosen),
		today.isoformat(),
		has_past=control.has_past,
	)
	since = months_before(today, months - 1) - _BEFORE
	for facts in _facts(company, today, control, since):
		_add(past, control, facts, chosen, months)
	return past.as_dict()


def _facts(company: str, today: date, control: Control, since: date) -> Iterator[ControlFacts]:
	for one in passes(company, today, [Rerun(control, None)], since):
		yield one.facts


def _add(
	past: ControlPast, control: Control, facts: ControlFacts, chosen: Mapping[str, Decimal], months: int
) -> None:
	"""Add what one pass brings; controls of single customers have one for some customers at a time."""
	shipped = control.defaults()
	told = history(control, facts, shipped, months)
	other = told if chosen == shipped else history(control, facts, chosen, months)
	if not past.months:
		past.months = [PastMonth(one.month.isoformat()) for one in told.months]
	for month, one, with_values in zip(past.months, told.months, other.months, strict=True):
		month.found += len(one.keys)
		month.with_values += len(with_values.keys)
		month.keys = [*month.keys, *with_values.keys][:_SHOWN]
	past.before += other.before
	past.found += told.total
	past.with_values += other.total
	past.now += len(findings(control, facts, shipped))
	past.now_with_values += len(findings(control, facts, chosen))
	if control.silent:
		past.silent = control.silent(facts, chosen)
