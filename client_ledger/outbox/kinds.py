"""The kinds of notices: what the outbox asks of whoever plans them. Declared in the hook `client_ledger_outbox_kinds`."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

import frappe
from frappe import _

from client_ledger.archive.kinds import LETTER
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.outgoing import Draft, Outgoing, Prepared, SendDecision

HOOK = "client_ledger_outbox_kinds"
Message = TypeVar("Message", bound=Outgoing)


class NoticeKind(ABC, Generic[Message]):
	"""One kind of notices, or several that are decided together. An instance serves one batch at one moment.

	remedies: reasons of its own, each with the action that the list of exceptions offers for it. remarks: the same for
	what a message that did go out lacks. archived_as: the kind of entry that a written message becomes in the archive once it
	has arrived; None: the kind keeps it itself, in `sent`.
	"""

	remedies: ClassVar[Mapping[str, str]] = {}
	remarks: ClassVar[Mapping[str, str]] = {}
	archived_as: ClassVar[str | None] = LETTER

	def __init__(self, now: datetime):
		"""now: of the site, without a time zone."""
		self.now = now

	@abstractmethod
	def decide(self, company: str, rows: Sequence[NoticeRow]) -> Iterable[SendDecision]:
		"""Yield what becomes of each of *rows*, locked and all of one company. Changes nothing."""

	@abstractmethod
	def preview(self, row: NoticeRow) -> dict[str, Any]:
		"""Return the message of a notice as it would read now: subject, message (HTML), to, language, step, fee, interest.

		Raises frappe.ValidationError where it says nothing any more.
		"""

	def draft(self, row: NoticeRow) -> Draft:
		"""Return the message of a notice as a person may edit it now. A kind whose letters are not edited has none.

		Raises frappe.ValidationError where there is none.
		"""
		frappe.throw(_("This message cannot be edited."))

	def prepare(self, outgoing: Message) -> Prepared:
		"""Make what goes along with a message, in the transaction that hands it over. Not called for an SMS.

		Raises Undeliverable where it cannot be made.
		"""
		return Prepared()

	def follow_through(self, outgoing: Message) -> Mapping[str, Any]:
		"""Do what follows from handing a message over, in the same transaction; return the fields of its row.

		For a manual channel this makes the task of the person who contacts the customer (`follow_up` or `todo`).
		"""
		return {}

	def is_current(self, row: NoticeRow, outgoing: Message) -> bool:
		"""Return whether a mail that waits to be sent still says what it would say now. row: as handed over.

		A mail that does not is withdrawn and written anew: a kind whose letters name the day compares less than this.
		"""
		letter = (row.subject, row.message)
		return row.recipients == outgoing.recipient and letter == (
			outgoing.letter.subject,
			outgoing.letter.html,
		)

	def taken_back(self, row: NoticeRow) -> Mapping[str, Any]:
		"""Undo what `prepare` and `follow_through` made of a mail that did not leave; return the fields of its row."""
		return {}

	def day(self, row: NoticeRow, moment: datetime) -> date:
		"""Return the date of a moment by the clock that a notice goes by."""
		return moment.date()

	def sent(self, row: NoticeRow, on: date) -> None:
		"""Hear that a notice has reached its recipient; *on*: the day of the contact."""

	def returned(self, row: NoticeRow) -> None:
		"""Hear that a notice that was handed over has reached nobody, as far as anybody knows; its row is marked as failed."""

	def rest_days(self, row: NoticeRow) -> int:
		"""Return how many days a rejected notice rests before the same may be planned again."""
		return 0

	@classmethod
	def progressed(cls, names: Sequence[str]) -> None:
		"""Hear that notices of this kind were sent or not, a part of those that are due. May commit."""

	@classmethod
	def recipient_key(cls, row: Mapping[str, Any]) -> tuple[str, ...]:
		"""Return to whom only one notice may be open at a time, and only one handed over on a day.

		Kinds that wait for one another return the same; a kind that goes out beside others puts its name in front.
		"""
		return row["customer"], row["company"], row["currency"]


def kind_class(kind: str) -> type[NoticeKind]:
	"""Return the class of a kind. Raises LookupError where the hook declares none."""
	paths = frappe.get_hooks(HOOK).get(kind)
	if not paths:
		raise LookupError(f"no class is declared for notices of kind {kind}")
	return frappe.get_attr(paths[-1])


def kind_classes() -> list[type[NoticeKind]]:
	"""Return the classes of all kinds, each once."""
	return list(dict.fromkeys(kind_class(kind) for kind in frappe.get_hooks(HOOK)))


def recipient_key(row: Mapping[str, Any]) -> tuple[str, ...]:
	"""Return the recipient key of a row, by its kind."""
	return kind_class(row["kind"]).recipient_key(row)
