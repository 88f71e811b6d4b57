"""What the customer's page asks the server for. No login: a valid link lets in, and to its one confirmation only.

Each function takes the link's token and is rate limited per link. What is refused is said in the reader's language.
"""

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint
from werkzeug.wrappers import Response

from client_ledger.confirmations import page, replies, uploads
from client_ledger.confirmations.replies import Given, ReplySource, Taken
from client_ledger.core.confirmations.answers import Answer
from client_ledger.core.marked import marked
from client_ledger.guest_links import limits, links
from client_ledger.guest_links.links import OpenedLink
from client_ledger.guest_links.requirement import ValidLink
from client_ledger.site.arguments import (
	BadArgument,
	a_date,
	a_name,
	a_text,
	an_amount,
	arguments,
	one_of,
	some_rows,
)
from client_ledger.site.requirements import requires

LINK = ValidLink(links.CONFIRMATION)
HOUR = 3600
MOST_ANSWERS, MOST_UPLOADS, MOST_LOOKS = 20, 10, 600
# What is on record of a link.
ANSWERED, UPLOADED, DOWNLOADED, REFUSED = (
	marked("Answered"),
	marked("Uploaded"),
	marked("Downloaded"),
	marked("Refused"),
)
KINDS = ("Not in Our Books", "Not in Your Statement", "Other Amount", "Other")
given_rows = some_rows(kind=one_of(*KINDS), number=a_name, date=a_date, amount=an_amount, remark=a_name)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(
	answer=one_of(*(one.value for one in Answer if one is not Answer.LEDGER)),
	name=a_name,
	position=a_name,
	balance=an_amount,
	remark=a_text,
	lines=given_rows,
)
@requires(LINK)
def answer(
	link: str,
	answer: str,
	name: str,
	position: str = "",
	balance: float | str | None = None,
	remark: str = "",
	lines: list[dict] | str | None = None,
) -> dict:
	"""Keep a customer's answer; return what the page says of it. balance: what the customer owes is positive."""
	opened = _opened(link, "answers", MOST_ANSWERS)
	given = Given(
		Answer(answer),
		name or "",
		position or "",
		None if balance is None else Decimal(str(balance)),
		remark or "",
		lines or (),
	)
	taken = replies.take(opened.reference_name, given, _source(opened))
	return _recorded(opened, ANSWERED, given, taken)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@arguments(name=a_name, position=a_name, balance=an_amount, remark=a_text)
@requires(LINK)
def upload(
	link: str,
	name: str,
	position: str = "",
	balance: float | str | None = None,
	remark: str = "",
) -> dict:
	"""Keep the customer's ledger that the request brings as `file`, and have it read; return what the page says of it."""
	opened = _opened(link, "uploads", MOST_UPLOADS)
	file = frappe.request.files.get("file") if frappe.request else None
	if not file:
		frappe.throw(_("Choose a file: your ledger as .xlsx or .csv."), BadArgument)
	if cint(frappe.request.content_length) > uploads.LIMITS.size + 65_536:
		uploads.refuse_size()
	content = file.stream.read(uploads.LIMITS.size + 1)
	given = Given(
		Answer.LEDGER,
		name or "",
		position or "",
		None if balance is None else Decimal(str(balance)),
		remark or "",
	)
	taken = uploads.take(opened.reference_name, given, _source(opened), file.filename or "ledger", content)
	return _recorded(opened, UPLOADED, given, taken)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments()
@requires(LINK)
def standing(link: str) -> dict:
	"""Return what has been answered so far, as the page shows it."""
	opened = _opened(link, "looks", MOST_LOOKS)
	return page.standing(opened.reference_name)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@arguments()
@requires(LINK)
def letter(link: str) -> Response:
	"""Return the letter with its reply slip as PDF: as it was sent, else as it would be."""
	opened = _opened(link, "letters", MOST_ANSWERS)
	name, content = page.letter_file(opened.reference_name)
	links.record(opened.name, DOWNLOADED, name)
	answer = Response(content, mimetype="application/pdf")
	answer.headers.set("Content-Disposition", "attachment", filename=name)
	answer.headers.set("X-Content-Type-Options", "nosniff")
	return answer


def _opened(link: str, what: str, most: int) -> OpenedLink:
	opened = links.opened_by(link, links.CONFIRMATION)
	limits.count(f"confirmation {what}", opened.name, most, HOUR)
	frappe.local.lang = page.language_of_page(None)
	return opened


def _source(opened: OpenedLink) -> ReplySource:
	return ReplySource("Link", opened.name, frappe.local.request_ip or "", page.language_of_page(None))


def _recorded(opened: OpenedLink, event: str, given: Given, taken: Taken) -> dict:
	links.record(
		opened.name,
		REFUSED if taken.refused else event,
		given.answer.value,
		given.name,
		given.position,
	)
	return {"refused": taken.refused, "standing": page.standing(opened.reference_name)}
