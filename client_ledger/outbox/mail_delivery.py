"""A notice's mail on its way from the Email Queue to the mail server: sent once, and only what may go out now.

	claim the row of the queue -> connect -> decide once more -> note that it leaves (data_on), commit -> content
	an answer -> arrived, or refused and tried again by Frappe; no answer -> in doubt, never sent again by itself

Frappe sends its queue in one job, puts back what has been in Sending for a quarter of an hour, and lets administrators send
by hand. None of that can send a mail of a notice twice: data_on is set once per attempt, under the lock of the notice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.email.doctype.email_queue.email_queue import EmailQueue
from frappe.model.document import Document
from frappe.utils import get_hook_method, now_datetime

from client_ledger.core.outbox.message import WithholdReason
from client_ledger.core.outbox.verdict import Verdict
from client_ledger.outbox import notice_rows
from client_ledger.outbox.channels.mail import QUEUE, RECIPIENT
from client_ledger.outbox.channels.transmission import WatchedClient, WatchedServer
from client_ledger.outbox.delivery import mark_not_arrived, mark_sent
from client_ledger.outbox.keys import day_key
from client_ledger.outbox.kinds import NoticeKind, kind_class
from client_ledger.outbox.moments import aware
from client_ledger.outbox.notice_rows import NoticeRow
from client_ledger.outbox.notice_status import IN_DOUBT, NoticeStatus
from client_ledger.outbox.outgoing import Outgoing, SendDecision, Withheld
from client_ledger.outbox.take_back import AS_BEFORE, take_back
from client_ledger.site.doctypes import LEDGER_NOTICE
from client_ledger.site.jobs import LOCKS, again_after_a_lock

NOT_SENT, SENT, PARTLY_SENT, SENDING, ENDED = "Not Sent", "Sent", "Partially Sent", "Sending", "Error"
SAVEPOINT = "cl_mail_decision"
NOT_NOTED = "Ledger Notice: delivery not noted"


class NotToBeSent(Exception):
	"""A mail may not leave after all; the text says why."""


def deliver(queue: EmailQueue, send: Callable[..., None]) -> None:
	"""Send a mail of the queue that belongs to a notice. send: what Frappe does. Commits.

	Raises what Frappe's sending raises, so that Frappe counts it and stops where a server fails them all.
	"""
	MailDelivery(queue).deliver(send)


class MailDelivery:
	"""One mail; it is the witness of its own transmission (channels.transmission.Witness)."""

	def __init__(self, queue: EmailQueue):
		self.queue, self.notice = queue, queue.reference_name
		self.sending_on: datetime | None = None
		# Why it does not leave, where it was stopped at the last moment; empty: another worker sends it.
		self.stopped: str | None = None
		self.arrived_on: datetime | None = None
		self.doubt: str | None = None
		# The mail to the customer as it left.
		self.content: bytes | None = None

	def deliver(self, send: Callable[..., None]) -> None:
		"""Claim the row of the queue, send the mail, and note what became of it."""
		frappe.db.commit()  # nosemgrep: lets go of the row, and looks at it anew
		if not again_after_a_lock(self._claim):
			return
		server = WatchedServer(lambda: self._account().get_smtp_server(), self)
		if get_hook_method("override_email_send"):
			send = self._one_by_one(send)
		try:
			send(smtp_server_instance=server, force_send=True, **self._client())
		except Exception:
			if self.stopped is None:
				self._note()
				raise
			if self.stopped:
				again_after_a_lock(partial(self._end, self.stopped))
		else:
			self._note()
		finally:
			server.release()

	# --- before ---

	def _claim(self) -> bool:
		"""Take the row of the queue, unless another worker has it or the notice says that it must not be sent. Commits."""
		status = frappe.db.get_value(QUEUE, self.queue.name, "status", for_update=True)
		row = frappe.db.get_value(LEDGER_NOTICE, self.notice, "*", as_dict=True)
		goes_on = status in (NOT_SENT, PARTLY_SENT) and self._goes_on(row)
		if goes_on:
			frappe.db.set_value(QUEUE, self.queue.name, "status", SENDING)
			self.sending_on = row.sending_on
		frappe.db.commit()  # nosemgrep: claimed, or ended
		if goes_on:
			self.queue.reload()
		return goes_on

	def _goes_on(self, row: NoticeRow | None) -> bool:
		"""Return whether the mail is still to be sent, or copies of it; end its row of the queue if not."""
		is_of_this = bool(row) and row.email_queue == self.queue.name
		if is_of_this and (arrived := self._arrival(row)):
			self._mark_sent(arrived)
			if self._copies_left():
				return True
			frappe.db.set_value(QUEUE, self.queue.name, "status", SENT)
			return False
		if not is_of_this or row.status != NoticeStatus.SENDING.value:
			self._end_row(_("Not sent: {0} no longer waits for this message.").format(self.notice))
			return False
		if row.data_on:
			self._mark_in_doubt(_("The worker stopped while the message was being sent."))
			return False
		return True

	def _account(self) -> Any:
		return self.queue.get_email_account(raise_error=True)

	def _client(self) -> dict:
		"""Return what is used in place of SMTP, where something is."""
		service = self.queue.email_account and frappe.db.get_value(
			"Email Account", self.queue.email_account, "service"
		)
		if service != "Frappe Mail":
			return {}
		return {"frappe_mail_client": WatchedClient(lambda: self._account().get_frappe_mail_client(), self)}

	def _one_by_one(self, send: Callable[..., None]) -> Callable[..., None]:
		"""Return *send* for a site where another app sends in its own way, of which nobody hears when a mail leaves.

		Each recipient is therefore claimed before the mail is handed to that app, and whatever it raises leaves a doubt.
		"""

		def sending(**keywords: Any) -> None:
			failures = []
			for recipient in [one for one in self.queue.recipients if not one.is_mail_sent()]:
				self.begin(recipient.recipient)
				try:
					with self._alone(recipient):
						send(**keywords)
				except Exception as error:
					self.unanswered(recipient.recipient, error)
					if not self._is_copy(recipient.recipient):
						raise
					failures.append(error)
			if failures:
				raise failures[0]

		return sending

	@contextmanager
	def _alone(self, recipient: Document) -> Iterator[None]:
		"""Have Frappe take one recipient as the only one whose mail has not been sent."""
		others = [one for one in self.queue.recipients if one is not recipient]
		before = [one.status for one in others]
		for one in others:
			one.status = SENT
		try:
			yield
		finally:
			for one, status in zip(others, before, strict=True):
				one.status = status

	# --- the moment it leaves ---

	def begin(self, recipient: str, message: bytes | None = None) -> None:
		"""Decide once more, and note that the mail is about to leave. Commits.

		Raises NotToBeSent where it may not leave any more, or another worker was faster.
		"""
		if self._is_copy(recipient):
			# Noted first, so that a copy never goes twice.
			self._note_copy(recipient, SENT)
		else:
			again_after_a_lock(self._admit)
			self.content = message

	def accepted(self, recipient: str) -> None:
		"""Hear that the mail server has taken the mail."""
		if not self._is_copy(recipient):
			self.arrived_on = self._now()

	def refused(self, recipient: str) -> None:
		"""Hear that the mail server has not taken the mail: it may be tried again. Commits."""
		if self._is_copy(recipient):
			self._note_copy(recipient, NOT_SENT)
		else:
			again_after_a_lock(self._forget_data)

	def unanswered(self, recipient: str, error: BaseException | None) -> None:
		"""Hear that nobody knows whether the mail server has the mail."""
		if not self._is_copy(recipient):
			self.doubt = str(error or "")

	def _admit(self) -> None:
		frappe.db.commit()  # nosemgrep: a fresh view of what is owed
		rows = notice_rows.lock([self.notice], (NoticeStatus.SENDING,))
		if not rows or rows[0].email_queue != self.queue.name or rows[0].data_on:
			frappe.db.commit()  # nosemgrep: lets go of the notice
			self._stop("", _("Another worker has sent or withdrawn {0}.").format(self.notice))
		row, now = rows[0], self._now()
		kind = kind_class(row.kind)(now)
		decision = self._decide(kind, row)
		if isinstance(decision, Outgoing) and kind.is_current(row, decision):
			fields = {
				"data_on": now,
				"contact_on": decision.day,
				"day_key": day_key(kind.recipient_key(row), decision.day),
			}
			notice_rows.update(row.name, fields, now)
			frappe.db.commit()  # nosemgrep: from here on, it may have arrived
			return
		why = take_back(kind, row, decision, now)
		self.queue.communication = None
		self._end_row(why)
		frappe.db.commit()  # nosemgrep: withdrawn
		self._stop(why, why)

	def _stop(self, stopped: str, why: str) -> None:
		"""Raise NotToBeSent. Frappe is not to report it as a failure, as it does once a mail has been tried often."""
		self.stopped, self.queue.retry = stopped, 0
		raise NotToBeSent(why)

	def _decide(self, kind: NoticeKind, row: NoticeRow) -> SendDecision:
		"""Return what the kind decides on a notice now, as if it had not been handed over."""
		before = NoticeRow(row, **AS_BEFORE)
		with _undone():
			notice_rows.update(row.name, AS_BEFORE, kind.now)
			frappe.db.delete("Communication", {"name": row.communication})
			(decision,) = kind.decide(row.company, [before])
		if isinstance(decision, Outgoing):
			key = day_key(kind.recipient_key(row), decision.day)
			if frappe.db.exists(LEDGER_NOTICE, {"day_key": key, "name": ("!=", row.name)}):
				tomorrow = datetime.combine(decision.day + timedelta(days=1), time.min)
				return Withheld(row, Verdict(WithholdReason.TOO_SOON, aware(tomorrow)))
		return decision

	def _forget_data(self) -> None:
		table = frappe.qb.DocType(LEDGER_NOTICE)
		of_this = (table.name == self.notice) & (table.email_queue == self.queue.name)
		frappe.qb.update(table).set(table.data_on, None).where(of_this).run()
		frappe.db.commit()  # nosemgrep: it has certainly not arrived

	def _note_copy(self, recipient: str, status: str) -> None:
		def note() -> None:
			filters = {"parent": self.queue.name, "recipient": recipient}
			frappe.db.set_value(RECIPIENT, filters, "status", status)
			frappe.db.commit()  # nosemgrep: before it leaves, or when it has not

		again_after_a_lock(note)

	# --- afterwards ---

	def _note(self) -> None:
		"""Note what became of the mail. What cannot be noted now is found by the hourly update. Commits."""

		def note() -> None:
			row = frappe.db.get_value(LEDGER_NOTICE, self.notice, "*", as_dict=True)
			arrived = self.arrived_on or self._arrival(row)
			if arrived:
				self._mark_sent(arrived)
			elif self.doubt is not None:
				self._mark_in_doubt(self.doubt)
			frappe.db.commit()  # nosemgrep: what became of it

		try:
			again_after_a_lock(note)
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=NOT_NOTED, reference_doctype=LEDGER_NOTICE, reference_name=self.notice)
			frappe.db.commit()  # nosemgrep: the log outlives what failed

	def _mark_sent(self, arrived: datetime) -> None:
		rows = notice_rows.lock([self.notice], (NoticeStatus.SENDING, NoticeStatus.FAILED))
		if not rows or rows[0].email_queue != self.queue.name:
			return
		# One that bounced meanwhile has not arrived.
		if rows[0].status == NoticeStatus.SENDING.value or rows[0].reason == IN_DOUBT:
			frappe.db.set_value(RECIPIENT, {"parent": self.queue.name, "idx": 1}, "status", SENT)
			if not self._copies_left():
				frappe.db.set_value(QUEUE, self.queue.name, {"status": SENT, "error": None})
			files = [(f"{self.notice}.eml", self.content)] if self.content else []
			mark_sent(self.notice, self._now(), arrived, files)

	def _mark_in_doubt(self, why: str) -> None:
		rows = notice_rows.lock([self.notice], (NoticeStatus.SENDING,))
		if rows and rows[0].email_queue == self.queue.name:
			mark_not_arrived(self.notice, IN_DOUBT, why, self._now())
		self._end_row(
			_(
				"The mail server did not confirm this message. It may have arrived and is not sent again automatically, see {0}."
			).format(self.notice)
		)

	def _end(self, why: str) -> None:
		self._end_row(why)
		frappe.db.commit()  # nosemgrep: not to be sent any more

	def _end_row(self, why: str) -> None:
		"""Have the queue send the mail never more. Not by update_status: the Communication stays as it is."""
		frappe.db.set_value(QUEUE, self.queue.name, {"status": ENDED, "error": why})

	# --- what is there ---

	def _now(self) -> datetime:
		"""Return the moment. Where clocks go back an hour it is not before the mail was handed over."""
		return max(now_datetime(), self.sending_on or datetime.min)

	def _is_copy(self, recipient: str) -> bool:
		return recipient != self.queue.recipients[0].recipient

	def _arrival(self, row: NoticeRow) -> datetime | None:
		"""Return when the mail went to its first recipient, the customer; copies may still be missing."""
		fields = ["status", "modified"]
		found = frappe.db.get_value(RECIPIENT, {"parent": self.queue.name, "idx": 1}, fields, as_dict=True)
		if not found or found.status != SENT:
			return None
		return max(found.modified, row.sending_on or datetime.min)

	def _copies_left(self) -> bool:
		return bool(frappe.db.exists(RECIPIENT, {"parent": self.queue.name, "status": NOT_SENT}))


@contextmanager
def _undone() -> Iterator[None]:
	"""Undo what is written within, but for an error of the database, which has undone more."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		yield
	except LOCKS:
		raise
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)
		raise
	frappe.db.rollback(save_point=SAVEPOINT)
