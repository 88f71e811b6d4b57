"""Letters: the text of a notice in the customer's language, from its policy's templates.

Templates see plain values and two functions: money(amount) and day(date), both in the letter's language. What a
template may use is what `template_values.sample()` returns, and a policy is only saved if its templates render on that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, strip_html_tags
from jinja2 import Template
from jinja2.exceptions import TemplateError
from markupsafe import Markup

from client_ledger.core.dunning.plan import Notice
from client_ledger.dunning.letters import allowed
from client_ledger.dunning.letters.template_values import (
	FALLBACK_LANGUAGE,
	Charges,
	LetterReader,
	sample,
	values_of,
)
from client_ledger.outbox.edits import Edit
from client_ledger.outbox.outgoing import TABLE_MARK, Draft, Letter
from client_ledger.site.contacts import Customer
from client_ledger.site.messages import filled


@dataclass
class LetterWriter:
	"""Writes letters of one policy."""

	policy: Document

	def letter(
		self, notice: Notice, customer: Customer, charges: Charges, today: date, edit: Edit | None = None
	) -> Letter:
		"""Return the letter of a notice, as somebody has edited it if so.

		Raises jinja2.TemplateError where its template does not render, NotAllowed.
		"""
		name, language = self._template_for(notice, customer)
		values = context(notice, customer, charges, today, language)
		return edit.letter(values["items_table"], language) if edit else self.render(name, values, language)

	def draft(self, notice: Notice, customer: Customer, charges: Charges, today: date, figures: str) -> Draft:
		"""Return the letter as a person may edit it. figures: a digest of what it asks for. Raises as `letter` does."""
		name, language = self._template_for(notice, customer)
		values = context(notice, customer, charges, today, language)
		text = self.render(name, {**values, "items_table": TABLE_MARK}, language)
		return Draft(text.subject, text.html, values["items_table"], language, figures)

	def _template_for(self, notice: Notice, customer: Customer) -> tuple[str, str]:
		return self.template(notice.step.number, customer.language or site_language(notice.party.company))

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
			filled(_("Row {0}: step {1} has no email template."), step, self.policy.steps[step - 1].step_name)
		)

	def render(self, name: str, values: Mapping[str, Any], language: str) -> Letter:
		"""Return a template rendered with *values*."""
		document = frappe.get_cached_doc("Email Template", name)
		subject = _checked(document.subject or "", False).render(values)
		html = _checked(document.response_ or "", True).render(with_table(values))
		return Letter(" ".join(strip_html_tags(subject).split())[:140], html, language)


@lru_cache(maxsize=64)
def _checked(text: str, is_html: bool) -> Template:
	"""Return a template, compiled once for all letters. Raises NotAllowed, jinja2.TemplateSyntaxError."""
	allowed.check(text, sample(FALLBACK_LANGUAGE))
	return compiled(text, is_html)


def check_template(name: str) -> str | None:
	"""Return what is wrong with an Email Template, None if it holds to what is allowed and renders on the sample."""
	document = frappe.get_doc("Email Template", name)
	values = sample(FALLBACK_LANGUAGE)
	try:
		for text, is_html in ((document.subject, False), (document.response_, True)):
			allowed.check(text or "", values)
			rendered(text or "", values, is_html)
	except allowed.NotAllowed as error:
		return _("{0} is not available in templates.").format(str(error))
	except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
		return str(error)
	return None if (document.response_ or "").strip() else _("it is empty")


def rendered(text: str, values: Mapping[str, Any], is_html: bool) -> str:
	"""Return a template rendered with *values*; in HTML they stand as text. Raises jinja2.TemplateError."""
	return compiled(text, is_html).render(with_table(values))


def compiled(text: str, is_html: bool) -> Template:
	"""Return a template that knows nothing but what it is rendered with."""
	return allowed.environment(is_html).from_string(text)


def with_table(values: Mapping[str, Any]) -> dict[str, Any]:
	"""Return *values* with the table of items as the HTML it is."""
	return {**values, "items_table": Markup(values["items_table"])}


def site_language(company: str) -> str:
	"""Return the language of customers who name none."""
	return frappe.db.get_default("lang") or FALLBACK_LANGUAGE


def context(
	notice: Notice, customer: Customer, charges: Charges, today: date, language: str
) -> dict[str, Any]:
	"""Return what a template may name, for a customer of the site."""
	reader = LetterReader(
		customer.name,
		customer.customer_name,
		customer.addressee.full_name or "",
		user_name(customer.account_manager),
	)
	return values_of(notice, reader, charges, today, language, lambda text: _(text, language))


def user_name(user: str | None) -> str:
	"""Return a user's full name, "" for nobody."""
	return frappe.get_cached_value("User", user, "full_name") or "" if user else ""
