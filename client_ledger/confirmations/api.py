"""What the desk asks the server for about confirmations: rounds, replies that people enter, links, results.

Each function says what it requires; see client_ledger.confirmations.access for who may do what.
"""

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from client_ledger.confirmations import letter, reminders, replies, results, rounds, uploads
from client_ledger.confirmations.access import ROLES
from client_ledger.confirmations.compose import parts_of
from client_ledger.confirmations.guest_api import given_rows
from client_ledger.confirmations.page import read as read_confirmation
from client_ledger.confirmations.replies import Given, ReplySource
from client_ledger.confirmations.sample import sample_of
from client_ledger.core.confirmations.answers import Answer, ConfirmationStatus
from client_ledger.guest_links import links
from client_ledger.site.arguments import a_name, a_text, an_amount, arguments, one_of, some_names
from client_ledger.site.doctypes import (
	BALANCE_CONFIRMATION,
	CONFIRMATION_REPLY,
	CONFIRMATION_ROUND,
	GUEST_LINK,
	GUEST_LINK_EVENT,
)
from client_ledger.site.language import spoken
from client_ledger.site.requirements import CompanyOf, DocumentRight, Listed, OneOf, requires
from client_ledger.site.rows import plain_row
from client_ledger.site.visible import conditions_of

MOST_ROWS = 500
ROUND = (DocumentRight(CONFIRMATION_ROUND, argument="round"), CompanyOf(CONFIRMATION_ROUND, "round"))
OF_CONFIRMATION = (DocumentRight(BALANCE_CONFIRMATION), CompanyOf(BALANCE_CONFIRMATION))
OF_REPLY = (DocumentRight(CONFIRMATION_REPLY), CompanyOf(CONFIRMATION_REPLY))
RUN, WORK = OneOf(ROLES["run"]), OneOf(ROLES["work"])
LISTED = [
	"name", "customer", "customer_name", "currency", "our_balance", "has_stated", "stated_balance", "difference", "status",
	"sending_status", "reason", "recipients", "replied_on", "replied_by", "opened_on", "reminders", "open_differences",
]  # fmt: skip
EVENTS = ["event", "occurred_on", "detail", "declared_name", "declared_position", "ip_address", "user"]


# --- rounds ---


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*ROUND)
def round_preview(round: str, limit: int = 200) -> dict:
	"""Return whom a round would ask, and how many balances it leaves out. Writes nothing."""
	found = sample_of(frappe.get_doc(CONFIRMATION_ROUND, round))
	visible = _visible_customers()
	asked = [one for one in found.asked if visible is None or one.customer in visible]
	return {
		"count": len(asked),
		"left_out": found.left_out if visible is None else 0,
		"rows": [
			{"customer": one.customer, "currency": one.currency, "balance": float(one.balance)}
			for one in asked[: min(max(limit, 1), MOST_ROWS)]
		],
	}


def _visible_customers() -> set[str] | None:
	"""Return the customers that the user lists, None for all of them."""
	if not frappe.has_permission("Customer", "read"):
		return set()
	if not conditions_of("Customer"):
		return None
	return set(frappe.get_list("Customer", pluck="name", order_by="name", limit_page_length=0))


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(RUN, *ROUND)
def plan_round(round: str) -> int:
	"""Write the confirmations of a round; return how many are new."""
	return rounds.plan(round)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(RUN, *ROUND)
def send_round(round: str) -> int:
	"""Approve and send the letters of a round; return how many are under way."""
	return rounds.send_round(round)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(RUN, *ROUND)
def remind_round(round: str) -> int:
	"""Remind everybody who has not answered yet; return how many are."""
	names = frappe.get_list(
		BALANCE_CONFIRMATION,
		{"round": round, "status": ConfirmationStatus.AWAITING.value},
		pluck="name",
		order_by="name",
		limit_page_length=0,
	)
	return reminders.remind_now(names)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(RUN, *ROUND)
def close_round(round: str) -> dict:
	"""Close a round; return how many confirmations without reply got which status."""
	return rounds.close(round)


@frappe.whitelist(methods=["GET"])
@arguments(status=a_name)
@requires(*ROUND)
def round_confirmations(round: str, start: int = 0, limit: int = 100, status: str | None = None) -> dict:
	"""Return a page of a round's confirmations that the user lists, how many have each status, and what the user may do."""
	filters = {"round": round, **({"status": status} if status else {})}
	rows = frappe.get_list(
		BALANCE_CONFIRMATION,
		filters,
		LISTED,
		order_by="status, customer_name, currency, name",
		limit_start=max(start, 0),
		limit_page_length=min(max(limit, 1), MOST_ROWS),
	)
	return {
		"rows": [plain_row(row) for row in rows],
		"counts": results.by_status(round),
		"figures": results.figures_of(round),
		"sending": results.by_sending_status(round),
		"may": {action: ROLES.can(action) for action in ROLES},
	}


# --- one confirmation ---


@frappe.whitelist(methods=["GET"])
@arguments()
@requires(*OF_CONFIRMATION)
def confirmation_page(name: str) -> dict:
	"""Return the letter of a confirmation as HTML, its replies, and the record of its link: who opened and answered, and when."""
	one = read_confirmation(name)
	with spoken(one.language or None):
		html = letter.letter_page(parts_of(one))
	reply_rows = frappe.get_list(
		CONFIRMATION_REPLY,
		{"confirmation": name},
		["*"],
		order_by="replied_on desc, name",
		limit_page_length=100,
	)
	link_names = frappe.get_all(
		GUEST_LINK,
		{"reference_doctype": BALANCE_CONFIRMATION, "reference_name": name},
		pluck="name",
		order_by="creation",
	)
	events = frappe.get_all(
		GUEST_LINK_EVENT,
		{"link": ("in", link_names)} if link_names else {"link": ""},
		EVENTS,
		order_by="occurred_on desc, name",
		limit=100,
	)
	return {
		"html": html,
		"stated": bool(one.figures),
		"replies": [plain_row(row) for row in reply_rows],
		"events": [plain_row(row) for row in events],
		"link": _link_standing(one.link),
		"may": {action: ROLES.can(action) for action in ROLES},
	}


def _link_standing(link: str | None) -> dict:
	row = frappe.db.get_value(GUEST_LINK, link, ["expires_on", "revoked"], as_dict=True) if link else None
	if not row:
		return {"standing": "none"}
	expired = getdate(row.expires_on) < getdate()
	return {
		"standing": "revoked" if row.revoked else "expired" if expired else "valid",
		"expires_on": str(row.expires_on),
	}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, *OF_CONFIRMATION)
def get_link(name: str) -> str:
	"""Return the address of the customer's page, to be sent some other way; a new one where the link was revoked or has expired."""
	return rounds.new_link(name)


@frappe.whitelist(methods=["POST"])
@arguments(reason=a_text)
@requires(WORK, *OF_CONFIRMATION)
def revoke_link(name: str, reason: str = "") -> None:
	"""Revoke the links of a confirmation at once."""
	links.revoke_for(BALANCE_CONFIRMATION, name, reason or "")


@frappe.whitelist(methods=["POST"])
@arguments(names=some_names)
@requires(WORK, Listed(BALANCE_CONFIRMATION))
def remind(names: list[str] | str) -> int:
	"""Remind the customers of some confirmations that are not answered; return how many are."""
	return reminders.remind_now(names)


@frappe.whitelist(methods=["POST"])
@arguments(
	answer=one_of(*(one.value for one in Answer if one is not Answer.LEDGER)),
	declared_name=a_name,
	declared_position=a_name,
	balance=an_amount,
	remark=a_text,
	lines=given_rows,
)
@requires(WORK, *OF_CONFIRMATION)
def enter_reply(
	name: str,
	answer: str,
	declared_name: str,
	declared_position: str = "",
	balance: float | str | None = None,
	remark: str = "",
	lines: list[dict] | str | None = None,
) -> dict:
	"""Enter what a customer answered by letter, mail or telephone; return its name, and why it does not count where it does not."""
	given = Given(
		Answer(answer),
		declared_name or "",
		declared_position or "",
		None if balance is None else Decimal(str(balance)),
		remark or "",
		lines or (),
	)
	taken = replies.take(name, given, ReplySource("User"))
	return {"reply": taken.reply, "refused": taken.refused}


@frappe.whitelist(methods=["POST"])
@arguments(declared_name=a_name, declared_position=a_name, file_url=a_name)
@requires(WORK, *OF_CONFIRMATION)
def enter_ledger(name: str, file_url: str, declared_name: str, declared_position: str = "") -> dict:
	"""Take a ledger that a customer sent some other way, from a private file that is attached to the confirmation."""
	file = frappe.db.get_value(
		"File",
		{"file_url": file_url, "attached_to_doctype": BALANCE_CONFIRMATION, "attached_to_name": name},
		["name", "file_name"],
		as_dict=True,
	)
	if not file:
		frappe.throw(_("Attach the file to this confirmation first."))
	frappe.get_doc("File", file.name).check_permission("read")
	given = Given(Answer.LEDGER, declared_name or "", declared_position or "")
	taken = uploads.take_file(name, given, ReplySource("User"), file.file_name, file_url)
	return {"reply": taken.reply, "refused": taken.refused}


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, *OF_REPLY)
def count_reply(name: str) -> None:
	"""Let a reply count instead of the one that does."""
	replies.count_instead(name)


@frappe.whitelist(methods=["POST"])
@arguments()
@requires(WORK, *OF_REPLY)
def read_again(name: str) -> None:
	"""Have a customer's file read again that could not be read."""
	uploads.read_again(name)
