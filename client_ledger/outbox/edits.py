"""Letters that somebody has edited before they go out, kept on their notice; sent only while what they ask for is right.

The table of items is not edited: a mark stands for it in the text, and it is drawn anew when the letter goes out.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, sanitize_html, strip_html_tags

from client_ledger.core.marked import marked
from client_ledger.outbox import access
from client_ledger.outbox.kinds import kind_class
from client_ledger.outbox.notice_rows import NoticeRow, lock, update
from client_ledger.outbox.notice_status import UNDECIDED, NoticeStatus
from client_ledger.outbox.outgoing import TABLE_MARK, Draft, Letter, Outdated
from client_ledger.site.doctypes import LEDGER_NOTICE

OUTDATED = marked("Edited Letter Out of Date")
# Dates stand in a letter, too: "pay by", "days overdue".
GOOD_FOR = timedelta(days=7)
_EDITABLE = {status.value for status in UNDECIDED}
_MARK = re.compile(r"\{\{(?:\s|&nbsp;)*items_table(?:\s|&nbsp;)*\}\}")
_MARK_IN_PARAGRAPH = re.compile(rf"<p[^>]*>(?:\s|&nbsp;)*({_MARK.pattern})(?:\s|&nbsp;)*</p>")
NO_EDIT = dict.fromkeys(("edited_by", "edited_on", "edited_subject", "edited_message", "edited_figures"))


@dataclass(frozen=True, slots=True)
class Edit:
	"""What somebody made of a letter. html: with the mark; figures: what the letter asked for then (see Draft)."""

	subject: str
	html: str
	figures: str
	on: date

	def is_right(self, figures: str, today: date) -> bool:
		"""Return whether the letter may go out as it was edited."""
		return self.figures == figures and today - self.on < GOOD_FOR

	def letter(self, table: str, language: str) -> Letter:
		"""Return what goes out. table: of the items, as HTML."""
		return Letter(self.subject, with_table(self.html, table), language)


def edit_of(row: NoticeRow) -> Edit | None:
	"""Return how the letter of a notice, a row or a document, was edited; None where it was not."""
	if not row.get("edited_by"):
		return None
	subject, html, figures = (row.get(f"edited_{part}") or "" for part in ("subject", "message", "figures"))
	return Edit(subject, html, figures, getdate(row.get("edited_on")))


def with_table(html: str, table: str) -> str:
	"""Return a text with the table in place of its mark."""
	return _MARK.sub(lambda _found: table, _MARK_IN_PARAGRAPH.sub(r"\1", html))


def edit(name: str, subject: str, html: str, figures: str, now: datetime) -> None:
	"""Keep what a person made of a notice's letter, and note who did on its timeline.

	figures: of the draft that was edited. Raises frappe.ValidationError where the letter asks for something else by now,
	has no text left, or may not be edited any more.
	"""
	row = _undecided(name)
	draft = kind_class(row.kind)(now).draft(row)
	if figures != draft.figures:
		frappe.throw(
			_("The amounts of this letter have changed since it was opened. Check it and try again.")
		)
	subject, html = _one_line(subject), sanitize_html(html, always_sanitize=True).strip()
	if not subject or not strip_html_tags(html).strip():
		frappe.throw(_("Enter a subject and a message."))
	if (subject, html) == (draft.subject, draft.html):
		_keep(row, NO_EDIT, now)
		return
	fields = {
		"edited_by": frappe.session.user,
		"edited_on": now,
		"edited_subject": subject,
		"edited_message": html,
		"edited_figures": figures,
	}
	_keep(row, fields, now)
	_note(name, _("edited the letter"))


def restore(name: str, now: datetime) -> None:
	"""Have a notice go out as its template says. Raises frappe.ValidationError where it has gone out already."""
	row = _undecided(name)
	if row.edited_by:
		_keep(row, NO_EDIT, now)
		_note(name, _("restored the letter of the template"))


def _keep(row: NoticeRow, fields: dict[str, Any], now: datetime) -> None:
	looked_at = {"reason": None, "reason_detail": None} if row.reason == OUTDATED else {}
	update(row.name, {**fields, **looked_at}, now)


def outdated_fields(decision: Outdated) -> dict[str, Any]:
	"""Return the fields of a row that waits for approval again."""
	return {
		**decision.fields,
		"status": NoticeStatus.PLANNED.value,
		"reason": OUTDATED,
		"reason_detail": None,
		"approved_by": None,
		"approved_on": None,
		"deferred_until": None,
		"next_attempt": None,
	}


def _undecided(name: str) -> NoticeRow:
	rows = lock([name], UNDECIDED)
	if not rows:
		frappe.throw(_("This notice has been sent or withdrawn. Its letter can no longer be edited."))
	return rows[0]


def _note(name: str, text: str) -> None:
	frappe.get_doc(LEDGER_NOTICE, name).add_comment("Info", text)


def _one_line(subject: str) -> str:
	return " ".join(strip_html_tags(subject).split())[:140]


def describe(row: NoticeRow | None, draft: Draft, today: date) -> dict[str, Any]:
	"""Return a letter as it reads, and what an editor of it needs. row: None for a notice that is not planned yet."""
	found = edit_of(row) if row else None
	outdated = bool(found) and not found.is_right(draft.figures, today)
	return {
		"subject": found.subject if found else draft.subject,
		"message": with_table(found.html if found else draft.html, draft.table),
		"text": found.html if found else draft.html,
		"table": draft.table,
		"table_mark": TABLE_MARK,
		"figures": draft.figures,
		"edited_by": frappe.utils.get_fullname(row.get("edited_by")) if found else None,
		"outdated": outdated,
		"may_edit": access.can("send") and (not row or row.get("status") in _EDITABLE),
	}
