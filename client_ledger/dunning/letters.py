"""Letters: the text of a notice in the customer's language, from its policy's templates.

Templates see plain values and two functions: money(amount) and day(date), both in the letter's language. What a
template may use is what `sample()` returns, and a policy is only saved if its templates render on that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

import frappe
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, strip_html_tags
from frappe.utils.jinja import get_jenv
from jinja2 import StrictUndefined, Template
from jinja2.exceptions import TemplateError

from client_ledger.core.dunning.plan import Line, Notice
from client_ledger.core.money import ZERO
from client_ledger.dunning.reading import Customer

PAY_WITHIN_DAYS = 7
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Charges:
	"""What a formal step asks for besides what is due: fee and interest, in the notice's currency."""

	fee: Decimal = ZERO
	interest: Decimal = ZERO
	dunning_type: str | None = None
	rate: Decimal = ZERO

	@property
	def total(self) -> Decimal:
		"""Both together."""
		return self.fee + self.interest


@dataclass(frozen=True, slots=True)
class Letter:
	"""What the customer reads. language: of the text; text: without markup, for SMS and plain readers."""

	subject: str
	html: str
	language: str

	@property
	def text(self) -> str:
		"""Return the letter without markup."""
		return strip_html_tags(self.html.replace("</p>", "\n").replace("<br>", "\n")).strip()


@dataclass
class Writer:
	"""Writes letters of one policy. Templates are compiled once for all of them."""

	policy: Document
	_templates: dict[tuple[str, str], Template] = field(default_factory=dict)

	def letter(self, notice: Notice, customer: Customer, charges: Charges, today: date) -> Letter:
		"""Return the letter of a notice. Raises jinja2.TemplateError where its template does not render."""
		name, language = self.template(
			notice.step.number, customer.language or site_language(notice.party.company)
		)
		return self.render(name, context(notice, customer, charges, today, language), language)

	def template(self, step: int, language: str) -> tuple[str, str]:
		"""Return the Email Template of a step, and the language it is in."""
		by_language = {
			row.language: row.email_template for row in self.policy.texts if cint(row.step) == step
		}
		for wanted in (language, language.split("-")[0], FALLBACK_LANGUAGE):
			if wanted in by_language:
				return by_language[wanted], wanted
		general = self.policy.steps[step - 1].email_template
		if general:
			return general, language
		if by_language:
			return next((name, wanted) for wanted, name in by_language.items())
		frappe.throw(
			_("Row {0}: the step {1} has no text.").format(step, self.policy.steps[step - 1].step_name)
		)

	def render(self, name: str, values: Mapping[str, Any], language: str) -> Letter:
		"""Return a template rendered with *values*."""
		document = frappe.get_cached_doc("Email Template", name)
		subject = self._compiled(name, "subject", document.subject).render(values)
		html = self._compiled(name, "response", document.response_).render(values)
		return Letter(" ".join(strip_html_tags(subject).split())[:140], html, language)

	def _compiled(self, name: str, part: str, text: str) -> Template:
		found = self._templates.get((name, part))
		if found is None:
			found = self._templates[name, part] = strict().from_string(text or "")
		return found


@lru_cache(maxsize=1)
def _environment_of(site: str) -> Any:
	# What a template names and is not there is an error, not an empty place in a letter.
	return get_jenv().overlay(undefined=StrictUndefined)


def strict() -> Any:
	"""Return the site's template environment, in which a name that means nothing raises."""
	return _environment_of(frappe.local.site)


def check_template(name: str) -> str | None:
	"""Return what is wrong with an Email Template, None if it renders on the sample."""
	document = frappe.get_doc("Email Template", name)
	values = sample(FALLBACK_LANGUAGE)
	try:
		for text in (document.subject, document.response_):
			strict().from_string(text or "").render(values)
	except (TemplateError, TypeError, ValueError) as error:
		return str(error)
	return None if (document.response_ or "").strip() else _("it is empty")


def site_language(company: str) -> str:
	"""Return the language of customers who name none."""
	return frappe.db.get_default("lang") or FALLBACK_LANGUAGE


def context(
	notice: Notice, customer: Customer, charges: Charges, today: date, language: str
) -> dict[str, Any]:
	"""Return what a template may name."""
	currency, company = notice.party.currency, notice.party.company
	locale = locale_of(language)
	rows = [line_values(line, today) for line in sorted(notice.lines, key=lambda line: line.key.due_date)]
	overdue = sum((line.amount for line in notice.lines if line.key.due_date < today), ZERO)
	return {
		"customer": customer.name,
		"customer_name": customer.customer_name,
		"contact_name": customer.addressee.full_name or customer.customer_name,
		"company": company,
		"account_manager": user_name(customer.account_manager),
		"step_name": notice.step.name,
		"level": max((line.level for line in notice.lines), default=0),
		"currency": currency,
		"items": rows,
		"items_table": items_table(rows, currency, language),
		"total": notice.total,
		"overdue": overdue,
		"fee": charges.fee,
		"interest": charges.interest,
		"charges": charges.total,
		"grand_total": notice.total + charges.total,
		"oldest_due_date": min((line.key.due_date for line in notice.lines), default=today),
		"days_overdue": max(((today - line.key.due_date).days for line in notice.lines), default=0),
		"today": today,
		"pay_by": today + timedelta(days=PAY_WITHIN_DAYS),
		"money": lambda amount, of=currency: money(amount, of, locale),
		"day": lambda value: day(value, locale),
	}


def line_values(line: Line, today: date) -> dict[str, Any]:
	"""Return what a template may name of one item."""
	return {
		"doctype": line.key.voucher.doctype,
		"document": line.key.voucher.name,
		"due_date": line.key.due_date,
		"days_overdue": max((today - line.key.due_date).days, 0),
		"outstanding": line.amount,
		"term": line.term or "",
		"level": line.level,
	}


def items_table(rows: list[dict], currency: str, language: str) -> str:
	"""Return the items as a table that mail programs show as one."""
	locale = locale_of(language)
	cell = 'style="padding:4px 12px 4px 0;border-bottom:1px solid #ddd;text-align:{}"'
	left, right = cell.format("left"), cell.format("right")
	heads = (
		_("Document", language),
		_("Due Date", language),
		_("Days Overdue", language),
		_("Amount", language),
	)
	head = "".join(f"<th {right if i > 1 else left}>{escape(text)}</th>" for i, text in enumerate(heads))
	body = "".join(
		f"<tr><td {left}>{escape(row['document'])}</td>"
		f"<td {left}>{escape(day(row['due_date'], locale))}</td>"
		f"<td {right}>{row['days_overdue'] or ''}</td>"
		f"<td {right}>{escape(money(row['outstanding'], currency, locale))}</td></tr>"
		for row in rows
	)
	total = money(sum((row["outstanding"] for row in rows), ZERO), currency, locale)
	foot = f"<tr><td {left} colspan=3><b>{escape(_('Total', language))}</b></td><td {right}><b>{escape(total)}</b></td></tr>"
	return f'<table cellspacing="0" style="border-collapse:collapse">{"<tr>" + head + "</tr>"}{body}{foot}</table>'


@lru_cache
def locale_of(language: str) -> Locale:
	"""Return how *language* writes amounts and dates; English where it is not known."""
	try:
		return Locale.parse(language.replace("-", "_"))
	except (ValueError, LookupError):
		return Locale("en")


def money(amount: Decimal, currency: str, locale: Locale) -> str:
	"""Return an amount as the letter's language writes it, with its currency's code."""
	return format_currency(amount, currency, "¤¤ #,##0.00", locale=locale, currency_digits=True)


def day(value: date | str, locale: Locale) -> str:
	"""Return a date as the letter's language writes it, the month in words so that nobody can mistake it."""
	return format_date(getdate(value), "long", locale=locale)


def user_name(user: str | None) -> str:
	"""Return a user's full name, "" for nobody."""
	return frappe.get_cached_value("User", user, "full_name") or "" if user else ""


def sample(language: str) -> dict[str, Any]:
	"""Return an example of everything a template may name."""
	from client_ledger.core.dunning.plan import ItemKey, Party
	from client_ledger.core.dunning.policy import Step
	from client_ledger.core.entries import SALES_INVOICE, Voucher
	from client_ledger.dunning.reading import Addressee

	today = date(2026, 3, 31)
	step = Step(1, 14, name=_("Reminder"))
	lines = tuple(
		Line(
			ItemKey(Voucher(SALES_INVOICE, f"SINV-000{i}"), date(2026, 2, 14 + i)),
			Decimal("1250.50") * i,
			Decimal("1250.50") * i,
			step,
			1,
			0,
			today,
		)
		for i in (1, 2)
	)
	party = Party(_("Sample Customer"), _("Sample Company"), "USD")
	notice = Notice(party, "", 1, step, today, lines)
	customer = Customer(party.customer, party.customer, language, False, None, Addressee(full_name="Ada Li"))
	return context(notice, customer, Charges(Decimal(15), Decimal("4.20")), today, language)
