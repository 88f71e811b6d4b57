"""What a confirmation says, in the customer's language: the mail, the letter with its reply slip, and a reminder."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.core.confirmations.answers import ReplyForm
from client_ledger.core.money import as_money
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.outbox.outgoing import Letter
from client_ledger.paper.rows import item_rows
from client_ledger.site.language import spoken
from client_ledger.statements import printing
from client_ledger.statements.letter_head import letter_head
from client_ledger.statements.style import site_style

MAIL, LETTER = (
	"client_ledger/templates/confirmation_notice.html",
	"client_ledger/templates/confirmation_letter.html",
)
SUBJECT_LENGTH = 140
MOST_ITEMS = 200
_PAGE = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><style>
body {{ font: 10.5pt/1.5 "Noto Sans", "Noto Sans CJK SC", "Helvetica Neue", Arial, sans-serif; color: #111; }}
</style></head><body>{head}{body}</body></html>"""


@dataclass(frozen=True, slots=True)
class LetterParts:
	"""What a letter is made of. confirmation: its row; url: of the customer's page; reply_to: where signed replies go."""

	confirmation: Any
	figures: StatementFigures
	introduction: str
	url: str
	reply_to: str
	full_name: str


def mail(parts: LetterParts, language: str, has_letter: bool) -> Letter:
	"""Return the mail of a letter. has_letter: its PDF goes along."""
	with spoken(language):
		return _letter(
			subject_of(parts.confirmation),
			MAIL,
			{**_values(parts), "has_letter": has_letter, "is_reminder": False},
			language,
		)


def on_paper(parts: LetterParts, language: str) -> Letter:
	"""Return the letter with its reply slip, for customers without e-mail."""
	with spoken(language):
		return _letter(
			subject_of(parts.confirmation), LETTER, {**_values(parts), "with_heading": False}, language
		)


def reminder(parts: LetterParts, language: str) -> Letter:
	"""Return the mail of a reminder."""
	with spoken(language):
		subject = _("Reminder: {0}").format(subject_of(parts.confirmation))
		return _letter(subject, MAIL, {**_values(parts), "has_letter": False, "is_reminder": True}, language)


def letter_page(parts: LetterParts) -> str:
	"""Return the letter with its reply slip as an HTML page, in the language spoken now."""
	body = frappe.get_template(LETTER).render({**_values(parts), "with_heading": True})
	head = letter_head(parts.confirmation.company, title=_("Confirmation of Balance"))
	return _PAGE.format(lang=frappe.local.lang or "en", head=head, body=body)


def letter_pdf(parts: LetterParts, language: str) -> bytes:
	"""Return the letter as PDF. Raises frappe.ValidationError with advice where it cannot be made."""
	with spoken(language):
		return printing.make_pdf(letter_page(parts))


def subject_of(confirmation: Any) -> str:
	"""Return the subject of a confirmation, in the language spoken now."""
	day = site_style().day(getdate(confirmation.as_of))
	return _("Balance confirmation as of {0}, {1}").format(day, confirmation.company)


def request_of(form: ReplyForm, reply_by: str) -> str:
	"""Return what is asked of the customer, in the language spoken now."""
	if form is ReplyForm.BLANK:
		return _(
			"Please tell us by {0} the balance of your account with us according to your own records."
		).format(reply_by)
	if form is ReplyForm.IF_DISAGREED:
		return _(
			"Please compare it with your records. Reply by {0} only if they differ; without a reply we take it that you agree."
		).format(reply_by)
	return _(
		"Please compare it with your records and reply by {0} in either case, whether they agree or not."
	).format(reply_by)


def who_owes(balance: Decimal) -> str:
	"""Return in words whose debt a balance is, in the language spoken now."""
	if balance > 0:
		return _("Owed by you to us")
	if balance < 0:
		return _("Owed by us to you")
	return _("Neither side owes anything")


def _letter(subject: str, template: str, values: dict[str, Any], language: str) -> Letter:
	html = frappe.get_template(template).render(values)
	return Letter(" ".join(subject.split())[:SUBJECT_LENGTH], html, language)


def _values(parts: LetterParts) -> dict[str, Any]:
	one, figures, style = parts.confirmation, parts.figures, site_style()
	form = ReplyForm(one.form)
	balance = as_money(one.our_balance)
	# Who is asked for its balance is not told ours.
	items = [] if form is ReplyForm.BLANK else list(item_rows(figures, style))
	return {
		"one": one,
		"company": one.company,
		"customer_name": one.customer_name or one.customer,
		"full_name": parts.full_name or one.customer_name or one.customer,
		"day": style.day(getdate(one.as_of)),
		"is_blank": form is ReplyForm.BLANK,
		"balance": style.money(abs(balance), one.currency),
		"who_owes": who_owes(balance),
		"request": request_of(form, style.day(getdate(one.reply_by)) if one.reply_by else ""),
		"introduction": [line for line in (parts.introduction or "").splitlines() if line.strip()],
		"items": items[:MOST_ITEMS],
		"has_more": len(items) > MOST_ITEMS,
		"url": parts.url,
		"reply_to": parts.reply_to,
		"money": style.money,
		"day_of": lambda value: style.day(value) if value else "",
	}
