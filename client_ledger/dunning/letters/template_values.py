"""What a letter's template may name, with amounts and dates as the letter's language writes them.

Free of Frappe, so that the preview writes the same letters. `translate` gives a label in the letter's language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from typing import Any

from client_ledger.core.amount_due import Credit, amount_due
from client_ledger.core.dunning.plan import DueItemKey, ListedItem, Notice, NoticeLine
from client_ledger.core.dunning.policy import Step
from client_ledger.core.entries import PAYMENT_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.formats import day, locale_of, money
from client_ledger.core.marked import marked
from client_ledger.core.money import ZERO
from client_ledger.core.open_items import OpenItem
from client_ledger.core.outbox.message import Party

PAY_WITHIN_DAYS = 7
FALLBACK_LANGUAGE = "en"
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Charges:
	"""What a formal step asks for besides what is due: fee and interest, in the notice's currency.

	no_dunning: why a formal step charges nothing, since no Dunning can be made for it; None where one can.
	"""

	fee: Decimal = ZERO
	interest: Decimal = ZERO
	dunning_type: str | None = None
	rate: Decimal = ZERO
	no_dunning: str | None = None

	@property
	def total(self) -> Decimal:
		"""Both together."""
		return self.fee + self.interest


@dataclass(frozen=True, slots=True)
class LetterReader:
	"""Who reads the letter, and whose customer that is. account_manager: a person's name, "" for nobody."""

	customer: str
	customer_name: str
	contact_name: str = ""
	account_manager: str = ""


def values_of(
	notice: Notice, reader: LetterReader, charges: Charges, today: date, language: str, translate: Translate
) -> dict[str, Any]:
	"""Return what a template may name."""
	currency = notice.party.currency
	locale = locale_of(language)
	every = sorted((*notice.lines, *notice.listed), key=lambda item: item.key.due_date)
	rows = [line_values(item, today) for item in every]
	overdue = sum((item.amount for item in every if item.key.due_date < today), ZERO)
	credits = [credit_values(credit, translate) for credit in notice.credits]
	return {
		"customer": reader.customer,
		"customer_name": reader.customer_name,
		"contact_name": reader.contact_name or reader.customer_name,
		"company": notice.party.company,
		"account_manager": reader.account_manager,
		"step_name": notice.step.name,
		"level": max((line.level for line in notice.lines), default=0),
		"currency": currency,
		"items": rows,
		"items_table": items_table(rows, credits, currency, language, translate),
		"items_total": notice.items_total,
		"credits": credits,
		"credit_total": sum((credit.amount for credit in notice.credits), ZERO),
		"net": notice.total,
		"total": notice.total,
		"overdue": overdue,
		"fee": charges.fee,
		"interest": charges.interest,
		"charges": charges.total,
		"grand_total": notice.total + charges.total,
		"oldest_due_date": min((item.key.due_date for item in every), default=today),
		"days_overdue": max(((today - item.key.due_date).days for item in every), default=0),
		"today": today,
		"pay_by": today + timedelta(days=PAY_WITHIN_DAYS),
		"money": _of_letters(lambda amount, of=currency: money(amount, of, locale)),
		"day": _of_letters(lambda value: day(value, locale)),
	}


def _of_letters(function: Callable[..., str]) -> Callable[..., str]:
	"""Mark what a template may call, see allowed.py."""
	function.of_letters = True
	return function


def line_values(line: NoticeLine | ListedItem, today: date) -> dict[str, Any]:
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


CREDIT_LABELS = {
	SALES_INVOICE: marked("Credit Note"),
	PAYMENT_ENTRY: marked("Payment"),
	None: marked("Payment Received, Not Yet Booked"),
}


def credit_values(credit: Credit, translate: Translate) -> dict[str, Any]:
	"""Return what a template may name of one credit. amount: positive; document, date: "" where it is not booked yet."""
	doctype = credit.voucher.doctype if credit.voucher else None
	return {
		"doctype": doctype or "",
		"document": credit.voucher.name if credit.voucher else "",
		"date": credit.posting_date or "",
		"amount": credit.amount,
		"label": translate(CREDIT_LABELS.get(doctype, marked("Credit"))),
	}


def items_table(
	rows: Sequence[dict], credits: Sequence[dict], currency: str, language: str, translate: Translate
) -> str:
	"""Return items, credits and the total to pay as a table that mail programs show as one."""
	locale = locale_of(language)
	cell = 'style="padding:4px 12px 4px 0;border-bottom:1px solid #ddd;text-align:{}"'
	left, right = cell.format("left"), cell.format("right")
	labels = (marked("Document"), marked("Due Date"), marked("Days Overdue"), marked("Amount"))
	heads = "".join(
		f"<th {right if i > 1 else left}>{escape(translate(text))}</th>" for i, text in enumerate(labels)
	)

	def amount(value: Decimal) -> str:
		return escape(money(value, currency, locale))

	def foot(label: str, value: Decimal, bold: bool) -> str:
		texts = [f"<b>{text}</b>" if bold else text for text in (escape(label), amount(value))]
		return f"<tr><td {left} colspan=3>{texts[0]}</td><td {right}>{texts[1]}</td></tr>"

	body = "".join(
		f"<tr><td {left}>{escape(row['document'])}</td>"
		f"<td {left}>{escape(day(row['due_date'], locale))}</td>"
		f"<td {right}>{row['days_overdue'] or ''}</td>"
		f"<td {right}>{amount(row['outstanding'])}</td></tr>"
		for row in rows
	)
	total = sum((row["outstanding"] for row in rows), ZERO)
	body += foot(translate(marked("Total")), total, bold=True)
	if credits:
		body += "".join(
			foot(credit_text(credit, locale), -credit["amount"], bold=False) for credit in credits
		)
		net = max(total - sum((credit["amount"] for credit in credits), ZERO), ZERO)
		body += foot(translate(marked("Total to Pay")), net, bold=True)
	table = '<table cellspacing="0" style="border-collapse:collapse">'
	return f"{table}<tr>{heads}</tr>{body}</table>"


def credit_text(credit: dict, locale: str) -> str:
	"""Return how a letter names a credit: what it is, its document and date."""
	date_text = day(credit["date"], locale) if credit["date"] else ""
	return " ".join(text for text in (credit["label"], credit["document"], date_text) if text)


def sample(language: str, translate: Translate = str) -> dict[str, Any]:
	"""Return an example of everything a template may name."""
	today = date(2026, 3, 31)
	step = Step(1, 14, name=translate(marked("Reminder")))
	lines = tuple(
		NoticeLine(
			DueItemKey(Voucher(SALES_INVOICE, f"SINV-000{i}"), date(2026, 2, 14 + i)),
			Decimal("1250.50") * i,
			Decimal("1250.50") * i,
			step,
			1,
			0,
			today,
		)
		for i in (1, 2)
	)
	party = Party(translate(marked("Sample Customer")), translate(marked("Sample Company")), "USD")
	items = [
		OpenItem(
			party.company, party.customer, "", party.currency, line.key.voucher, line.key.due_date,
			line.key.due_date, line.amount, line.base, line.amount, line.base,
		)
		for line in lines
	]  # fmt: skip
	credit = Credit(Decimal(400), Voucher(PAYMENT_ENTRY, "PAY-0001"), today)
	notice = Notice(party, "", 1, step, today, lines, due=amount_due(items, [credit]))
	reader = LetterReader(party.customer, party.customer, "Ada Li")
	return values_of(notice, reader, Charges(Decimal(15), Decimal("4.20")), today, language, translate)
