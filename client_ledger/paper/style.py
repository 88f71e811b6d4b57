"""How a paper speaks: its language, and how amounts and days are written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from client_ledger.core.formats import day, locale_of, money
from client_ledger.core.status import ItemStatus


class Translate(Protocol):
	"""A translation into the paper's language: Frappe's `_`, or the preview's."""

	def __call__(self, message: str, *, context: str | None = None) -> str:
		"""Return the message in the paper's language."""


@dataclass(frozen=True, slots=True)
class PaperStyle:
	"""language: as "zh" or "en". money: an amount with its currency as text. day: a date as text."""

	language: str
	translate: Translate
	money: Callable[[Decimal, str], str]
	day: Callable[[date], str]
	right_to_left: bool = False


def plain_style(language: str, translate: Translate) -> PaperStyle:
	"""Return the style of a language where no site says how it writes amounts and days."""
	locale = locale_of(language)
	return PaperStyle(
		language,
		translate,
		lambda amount, currency: money(amount, currency, locale),
		lambda value: day(value, locale),
	)


class StatusTexts:
	"""Statuses as people say them, translated once for the many lines of a ledger."""

	def __init__(self, _: Translate) -> None:
		self.overdue_by = _("Overdue by {0} days")
		self.disputed = _("Disputed")
		self.plain = {
			ItemStatus.PAID: _("Paid"),
			ItemStatus.PART_PAID: _("Partly Paid"),
			ItemStatus.NOT_DUE: _("Not Due"),
			ItemStatus.OVERDUE: _("Overdue"),
			ItemStatus.CREDIT: _("Credit"),
			ItemStatus.SETTLED: _("Settled", context="Client Ledger"),
		}

	def of(self, status: ItemStatus, days_late: int | None, is_disputed: bool = False) -> str:
		"""Return the text of *status*, with the days where it is overdue, and that it is in dispute."""
		if status is ItemStatus.OVERDUE and days_late:
			text = self.overdue_by.format(days_late)
		else:
			text = self.plain[status]
		return f"{text} · {self.disputed}" if is_disputed else text
