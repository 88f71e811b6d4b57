"""Requests as Frappe's application handles them, from the address on: what they answer, with the status it has over HTTP.

Not over a socket, so that a test's transaction stays open: everything is taken back after each request.
"""

import json
import traceback
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import frappe
import frappe.api
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request


@dataclass
class Answer:
	"""status: of HTTP. text: messages and the exception. body: of what is no JSON. commits: how often something was made to last."""

	status: int
	text: str = ""
	data: Any = None
	body: str = ""
	commits: int = 0
	trace: str = field(default="", repr=False)


def ask(method: str, path: str, data: Any = None, *, keep: bool = False) -> Answer:
	"""Handle a request of the session's user. keep: do not take back what it wrote where it succeeded."""
	builder = EnvironBuilder(
		method=method,
		path=quote(path),
		data=json.dumps(data) if data is not None else None,
		content_type="application/json",
		headers={"Accept": "application/json"},
	)
	request = Request(builder.get_environ())
	local, before = frappe.local, {}
	for name in ("request", "form_dict", "response", "message_log"):
		before[name] = getattr(local, name, None)
	local.request = request
	local.form_dict = frappe._dict(data if isinstance(data, dict) else {})
	local.response = frappe._dict(docs=[])
	local.message_log = []
	local.is_ajax = True
	commits = []
	committing, frappe.db.commit = frappe.db.commit, lambda *a, **k: commits.append(1)
	frappe.db.savepoint("request")
	try:
		response = frappe.api.handle(request)
		answer = Answer(
			response.status_code,
			data=frappe.parse_json(response.get_data(as_text=True)) if response.is_json else None,
			body=""
			if response.is_json or response.direct_passthrough
			else response.get_data().decode(errors="replace"),
		)
		if not keep:
			frappe.db.rollback(save_point="request")
	except Exception as error:
		status = getattr(error, "http_status_code", 500)
		said = " ".join(str(message) for message in local.message_log)
		answer = Answer(status, f"{type(error).__name__}: {error} {said}", trace=traceback.format_exc())
		frappe.db.rollback(save_point="request")
	finally:
		frappe.db.commit = committing
		for name, value in before.items():
			if value is None and name == "request":
				del local.request
			else:
				setattr(local, name, value)
		frappe.db.value_cache.clear()
		frappe.cache.delete_keys("document_cache::")
		frappe.clear_messages()
	answer.commits = len(commits)
	return answer


def call(function: str, http_method: str, **arguments: Any) -> Answer:
	"""Call a whitelisted function by its dotted path."""
	return ask(http_method, f"/api/method/{function}", arguments)


def put(doctype: str, name: str, *, keep: bool = False, **values: Any) -> Answer:
	"""Change a document."""
	return ask("PUT", f"/api/resource/{doctype}/{name}", values, keep=keep)


def post(doctype: str, *, keep: bool = False, **values: Any) -> Answer:
	"""Make a document."""
	return ask("POST", f"/api/resource/{doctype}", values, keep=keep)


def delete(doctype: str, name: str, *, keep: bool = False) -> Answer:
	"""Delete a document."""
	return ask("DELETE", f"/api/resource/{doctype}/{name}", keep=keep)
