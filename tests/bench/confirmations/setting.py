"""Rounds of the test company: planned, sent and answered in this process, by visitors with their links."""

import io
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, nowdate
from frappe.website.serve import get_response
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from client_ledger.confirmations import guest_api, jobs, rounds, uploads
from client_ledger.guest_links import links
from client_ledger.guest_links.headers import protect
from client_ledger.site.doctypes import BALANCE_CONFIRMATION, CONFIRMATION_REPLY
from tests.bench.collections.setting import overdue
from tests.bench.doors.http import Answer, ask
from tests.bench.dunning.setting import COMPANY, at
from tests.bench.dunning.smtp import flush

API = "client_ledger.confirmations.guest_api"
AS_OF = getdate(add_days(nowdate(), -5))


def make_round(
	customers: Sequence[str] = (), form: str = "Reply Either Way", plan: bool = True, **fields: Any
) -> Document:
	"""Return a round of the test company as of five days ago, of *customers* or of all, planned."""
	given = {
		"form": form,
		"reply_by": add_days(nowdate(), 10),
		"title": "Test Round",
		"attach_pdf": 0,
		**fields,
	}
	made = rounds.new_round(
		given.pop("company", COMPANY),
		given.pop("as_of", AS_OF),
		given.pop("title"),
		given.pop("reply_by"),
		[(name, "Sample") for name in customers],
		**given,
	)
	if plan:
		rounds.plan(made.name)
	return made.reload()


def send(round_: Document, days: int = 0) -> None:
	"""Send a round's letters, and let the mail server have them."""
	rounds.send_round(round_.name)
	jobs.work(at(days), in_process=True)
	flush()


def confirmation(customer: str, **filters: Any) -> Document:
	"""Return a customer's only confirmation."""
	(name,) = frappe.get_all(
		BALANCE_CONFIRMATION, {"customer": customer, **filters}, pluck="name", order_by="creation"
	)
	return frappe.get_doc(BALANCE_CONFIRMATION, name)


def asked(customer: str, *amounts: float, form: str = "Reply Either Way", **fields: Any) -> Document:
	"""Return the confirmation of a new customer who owes *amounts*, in a round of its own, sent."""
	overdue(customer, *(amounts or (500,)))
	round_ = make_round([customer], form, **fields)
	send(round_)
	return confirmation(customer, round=round_.name)


def token_of(doc: Document) -> str:
	"""Return the token of a confirmation's link."""
	return parse_qs(urlsplit(links.url(doc.link)).query)["link"][0]


def guest(method: str, token: str | None, verb: str = "POST", **values: Any) -> Answer:
	"""Ask as a visitor without login; what was written stays."""
	user, language = frappe.session.user, frappe.local.lang
	frappe.set_user("Guest")
	try:
		return ask(verb, f"/api/method/{API}.{method}", {"link": token, **values}, keep=True)
	finally:
		frappe.set_user(user)
		frappe.local.lang = language


def upload(
	token: str, content: bytes, file_name: str = "ledger.csv", name: str = "Li Wei", **values: Any
) -> Answer:
	"""Upload a ledger as a visitor without login; what was written stays."""
	user, local = frappe.session.user, frappe.local
	kept = (getattr(local, "request", None), local.form_dict, local.lang)
	builder = EnvironBuilder(method="POST", data={"file": (io.BytesIO(content), file_name)})
	frappe.set_user("Guest")
	frappe.db.savepoint("upload")
	try:
		local.request = Request(builder.get_environ())
		local.form_dict = frappe._dict(values)
		values.pop("_lang", None)
		found = guest_api.upload(link=token, name=name, **values)
		return Answer(200, data={"message": found})
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point="upload")
		return Answer(getattr(error, "http_status_code", 417), str(error))
	finally:
		frappe.clear_messages()
		local.form_dict, local.lang = kept[1:]
		if kept[0] is None:
			del local.request
		else:
			local.request = kept[0]
		frappe.set_user(user)


def page(token: str | None, language: str | None = None) -> Answer:
	"""Open the page as a visitor without login."""
	user, local = frappe.session.user, frappe.local
	kept = (getattr(local, "request", None), local.form_dict, local.lang)
	given = {"link": token, **({"_lang": language} if language else {})}
	frappe.set_user("Guest")
	try:
		builder = EnvironBuilder(method="GET", path="/balance-confirmation", query_string=given)
		local.request, local.form_dict = Request(builder.get_environ()), frappe._dict(given)
		local.lang = language or "en"
		found = get_response("balance-confirmation")
		protect(local.request, found)
		return Answer(found.status_code, str(dict(found.headers)), body=found.get_data(as_text=True))
	finally:
		frappe.clear_messages()
		local.form_dict, local.lang = kept[1:]
		if kept[0] is None:
			del local.request
		else:
			local.request = kept[0]
		frappe.set_user(user)


def answer(doc: Document, what: str = "Confirmed", name: str = "Li Wei", **values: Any) -> dict:
	"""Answer as a visitor; return what the page is told."""
	found = guest("answer", token_of(doc), answer=what, name=name, position="Accountant", **values)
	assert found.status == 200, (found.status, found.text, found.trace)
	return found.data["message"]


def replies_of(doc: Document) -> list[Document]:
	"""Return the replies to a confirmation, the oldest first."""
	names = frappe.get_all(
		CONFIRMATION_REPLY, {"confirmation": doc.name}, pluck="name", order_by="replied_on, creation"
	)
	return [frappe.get_doc(CONFIRMATION_REPLY, name) for name in names]


def csv(*rows: Sequence[Any], head: str = "Date,Invoice No,Debit,Credit") -> bytes:
	"""Return a customer's ledger as CSV."""
	return "\n".join([head, *(",".join(map(str, row)) for row in rows)]).encode()


def read_uploads(doc: Document) -> Document:
	"""Read what was uploaded, as the job would; return the last reply."""
	for reply in replies_of(doc):
		uploads.read(reply.name)
	return replies_of(doc)[-1]


def notifications(doc: Document) -> list[str]:
	"""Return the subjects of what people were told of a confirmation."""
	return frappe.get_all(
		"Notification Log", {"document_name": doc.name}, pluck="subject", order_by="creation"
	)


def figures(doc: Document) -> dict:
	"""Return what a confirmation has stated."""
	return json.loads(doc.figures)
