"""What a message about a confirmation is made of: the confirmation, its round, the figures of the day, the language."""

from collections.abc import Sequence
from dataclasses import dataclass

import frappe
from frappe.utils import cint, getdate

from client_ledger.collections.customer_statement import statement_facts
from client_ledger.confirmations import letter
from client_ledger.confirmations.letter import LetterParts
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.outbox.message import Channel
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.guest_links import links
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.outgoing import Letter
from client_ledger.site.contacts import Customer
from client_ledger.site.doctypes import CONFIRMATION_ROUND
from client_ledger.site.jobs import LOCKS
from client_ledger.site.language import site_language
from client_ledger.statements.figures import figures_of_many, statement_figures

FIELDS = [
	"name", "round", "customer", "customer_name", "company", "currency", "as_of", "form", "status", "reply_by",
	"our_balance", "base_balance", "link", "language", "figures", "content_hash", "letter", "channel",
]  # fmt: skip
TERMS = [
	"name", "status", "introduction", "letter_language", "print_without_email", "email_account", "reply_to", "attach_pdf",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClearedMessage:
	"""A message that nothing is against, and where it goes."""

	row: NoticeRow
	confirmation: frappe._dict
	terms: frappe._dict
	customer: Customer
	recipient: str | None
	channel: Channel


def parts_of(confirmation: frappe._dict) -> LetterParts:
	"""Return what the letter of a confirmation is made of, from the figures it stated, else from the ledger as it is now."""
	terms = terms_of(confirmation.round)
	figures = (
		StatementFigures.from_json(confirmation.figures)
		if confirmation.figures
		else _figures_now(confirmation)
	)
	return _parts(confirmation, terms, figures, confirmation.language, "")


def terms_of(round_: str | None) -> frappe._dict:
	return (
		frappe.db.get_value(CONFIRMATION_ROUND, round_, TERMS, as_dict=True) if round_ else None
	) or frappe._dict()


def compose(one: ClearedMessage, figures: StatementFigures | None) -> tuple[LetterParts, Letter, str]:
	"""Return the parts of a message, its text and its language. figures: None where they were not read with others'."""
	confirmation, terms = one.confirmation, one.terms
	language = terms.letter_language or confirmation.language or one.customer.language or site_language()
	if one.row.step:
		# A reminder is about what the letter stated.
		figures = StatementFigures.from_json(confirmation.figures) if confirmation.figures else None
	figures = figures or _figures_now(confirmation)
	told = confirmation if one.row.step else _with_balance(confirmation, figures)
	parts = _parts(told, terms, figures, language, one.customer.addressee.full_name or "")
	if one.row.step:
		return parts, letter.reminder(parts, language), language
	if one.channel is Channel.LETTER:
		return parts, letter.on_paper(parts, language), language
	return parts, letter.mail(parts, language, bool(cint(terms.attach_pdf))), language


def _parts(
	confirmation: frappe._dict,
	terms: frappe._dict,
	figures: StatementFigures,
	language: str | None,
	full_name: str,
) -> LetterParts:
	return LetterParts(
		confirmation,
		figures,
		terms.introduction or "",
		_url_of(confirmation.link, language),
		terms.reply_to or "",
		full_name,
	)


def _url_of(link: str | None, language: str | None) -> str:
	"""Return the address of a link that still opens; "" where it does not."""
	row = frappe.db.get_value("Guest Link", link, ["revoked", "expires_on"], as_dict=True) if link else None
	if not row or row.revoked or getdate(row.expires_on) < getdate():
		return ""
	return links.url(link, language=_page_language(language))


def _page_language(language: str | None) -> str:
	return "zh" if (language or "").lower().startswith("zh") else "en"


def _with_balance(confirmation: frappe._dict, figures: StatementFigures) -> frappe._dict:
	"""Return a confirmation with the balance that the ledger has now."""
	balance = figures.closing.by_currency.get(confirmation.currency, ZERO)
	before, base = as_money(confirmation.our_balance), as_money(confirmation.base_balance)
	if balance == before:
		return confirmation
	company_currency = frappe.get_cached_value("Company", confirmation.company, "default_currency")
	if confirmation.currency == company_currency:
		base = balance
	elif before:
		base = base * balance / before
	return frappe._dict(confirmation, our_balance=float(balance), base_balance=float(base))


def _figures_now(confirmation: frappe._dict) -> StatementFigures:
	return statement_figures(
		confirmation.company,
		confirmation.customer,
		getdate(confirmation.as_of),
		None,
		Coverage.OPEN_ITEMS,
		confirmation.currency,
		facts=statement_facts,
	)


def figures_of_letters(wanted: Sequence[ClearedMessage]) -> dict[str, StatementFigures]:
	"""Return the figures of letters by confirmation, those of one day and currency read together; what fails is left out."""
	groups: dict[tuple, list[frappe._dict]] = {}
	for one in wanted:
		key = (one.confirmation.company, getdate(one.confirmation.as_of), one.confirmation.currency)
		groups.setdefault(key, []).append(one.confirmation)
	found = {}
	for (company, as_of, currency), members in groups.items():
		try:
			read = list(
				figures_of_many(
					company,
					[(one.customer,) for one in members],
					as_of,
					None,
					Coverage.OPEN_ITEMS,
					currency,
					facts=statement_facts,
				)
			)
		except LOCKS:
			raise
		except Exception:
			# One of them cannot be read: each is then read alone, and that one says why.
			continue
		found |= {one.name: figures for one, figures in zip(members, read, strict=True)}
	return found


def recipient_of(terms: frappe._dict, customer: Customer) -> tuple[str | None, Channel]:
	"""Return where a letter goes, and how: by mail, or on paper where there is no address for a mail."""
	to = customer.addressee
	if not to.email and to.address and cint(terms.print_without_email):
		return to.address, Channel.LETTER
	return to.email, Channel.EMAIL
