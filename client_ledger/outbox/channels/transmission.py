"""The moment a mail leaves: what is noted before the mail server may have it, and what the server answered.

Until the content of a message is sent (SMTP's DATA, the request of Frappe Mail) it has certainly not gone out. After that
only an answer tells; without one, nothing does. Whoever sends passes these in place of Frappe's own server or client.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import requests
from frappe.email.smtp import SMTPServer
from urllib3.exceptions import MaxRetryError, NewConnectionError

DATA_GO_AHEAD, ACCEPTED = 354, 250
REFUSALS = range(400, 600)
# What a proxy answers that has heard nothing of the server behind it.
NO_ANSWER_BEHIND = (502, 504)


class Witness(Protocol):
	"""Who is told how a message fares, by its recipient."""

	def begin(self, recipient: str, message: bytes | None = None) -> None:
		"""Note that the server is about to get the message. What is raised here keeps it from being sent.

		message: as it leaves, None where that is not known.
		"""

	def accepted(self, recipient: str) -> None:
		"""Hear that the server has taken the message."""

	def refused(self, recipient: str) -> None:
		"""Hear that the server has certainly not taken the message."""

	def unanswered(self, recipient: str, error: BaseException | None) -> None:
		"""Hear that nobody knows whether the server has the message."""


class WatchedServer:
	"""Stands in for Frappe's SMTPServer: its session tells a witness. find: returns the server, when it is needed."""

	def __init__(self, find: Callable[[], SMTPServer], witness: Witness):
		self._find, self._witness = find, witness
		self._server: SMTPServer | None = None
		self._watch: _SessionWatch | None = None

	def __getattr__(self, name: str) -> Any:
		return getattr(self._found, name)

	@property
	def session(self) -> smtplib.SMTP:
		"""Return the server's session, watched until `release`."""
		session = self._found.session
		if self._watch is None or self._watch.session is not session:
			self.release()
			self._watch = _SessionWatch(session, self._witness)
		return session

	def release(self) -> None:
		"""Watch the session no longer: other mails go through it too."""
		if self._watch:
			self._watch.remove()
			self._watch = None

	@property
	def _found(self) -> SMTPServer:
		if self._server is None:
			self._server = self._find()
		return self._server


class _SessionWatch:
	"""Watches one SMTP session: smtplib looks its own steps up on the session, where these take their place."""

	def __init__(self, session: smtplib.SMTP, witness: Witness):
		self.session, self.witness, self.recipient = session, witness, ""
		session.sendmail, session.data = self.sendmail, self.data

	def remove(self) -> None:
		for name in ("sendmail", "data"):
			vars(self.session).pop(name, None)

	def sendmail(self, from_addr: str, to_addrs: str, *arguments: Any, **keywords: Any) -> dict:
		self.recipient = to_addrs
		return type(self.session).sendmail(self.session, from_addr, to_addrs, *arguments, **keywords)

	def data(self, message: bytes) -> tuple[int, bytes]:
		recipient, session = self.recipient, self.session
		try:
			self.witness.begin(recipient, _as_bytes(message))
		except BaseException:
			with suppress(smtplib.SMTPException):
				session.rset()
			raise
		goes_ahead, getreply = False, session.getreply

		def note_reply() -> tuple[int, bytes]:
			nonlocal goes_ahead
			reply = getreply()
			goes_ahead = goes_ahead or reply[0] == DATA_GO_AHEAD
			return reply

		session.getreply = note_reply
		try:
			code, answer = type(session).data(session, message)
		except BaseException as error:
			if goes_ahead:
				self.witness.unanswered(recipient, error)
			else:
				self.witness.refused(recipient)
			raise
		finally:
			del session.getreply
		if code == ACCEPTED:
			self.witness.accepted(recipient)
		elif code in REFUSALS:
			self.witness.refused(recipient)
		else:
			self.witness.unanswered(recipient, None)
		return code, answer


class WatchedClient:
	"""Stands in for the client of Frappe Mail (version 16), which sends by HTTP. find: returns the client."""

	def __init__(self, find: Callable[[], Any], witness: Witness):
		self._find, self._witness = find, witness

	def send_raw(self, sender: str, recipients: str, message: str | bytes, **keywords: Any) -> None:
		"""Send a message, telling the witness."""
		client = self._find()
		self._witness.begin(recipients, _as_bytes(message))
		try:
			client.send_raw(sender=sender, recipients=recipients, message=message, **keywords)
		except BaseException as error:
			if is_refusal(error):
				self._witness.refused(recipients)
			else:
				self._witness.unanswered(recipients, error)
			raise
		self._witness.accepted(recipients)


def _as_bytes(message: str | bytes) -> bytes:
	return message.encode("utf-8", "surrogateescape") if isinstance(message, str) else message


def is_refusal(error: BaseException) -> bool:
	"""Return whether an error of an HTTP request says that it was certainly not carried out."""
	if isinstance(error, requests.HTTPError) and error.response is not None:
		return error.response.status_code in REFUSALS and error.response.status_code not in NO_ANSWER_BEHIND
	if isinstance(error, requests.ConnectTimeout):
		return True
	cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
	return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
