"""One POST over TLS, with an end: a service that hangs, trickles or never stops answering holds no worker.

It says whether the request has certainly not arrived: until the connection stands, nothing of it has left.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from client_ledger.core.group_robots.answers import MOST_BYTES
from client_ledger.core.group_robots.services import HTTPS_PORT
from client_ledger.core.group_robots.signing import RobotRequest

# Seconds for the connection, and for everything together.
CONNECT_SECONDS, ALL_SECONDS = 10, 20


class NotReached(Exception):
	"""The service has certainly not got the request."""


class NoAnswer(Exception):
	"""The service may have got the request; what it did is not known."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
	"""What came back: status, the beginning of the body, the header Retry-After. cut: there was more."""

	status: int
	body: bytes
	retry_after: str = ""
	cut: bool = False


def post(request: RobotRequest, seconds: float = ALL_SECONDS) -> HttpAnswer:
	"""Send a request and return the answer, whatever its status; redirects are not followed.

	seconds: for all of it. Raises NotReached, NoAnswer.
	"""
	end = time.monotonic() + seconds
	parts = urlsplit(request.address)
	path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
	try:
		connection = _connection(parts.hostname, parts.port or HTTPS_PORT, min(CONNECT_SECONDS, seconds))
	except (OSError, ValueError) as error:
		# No certificates to trust, or a proxy that is none: nothing has left.
		raise NotReached(_kind_of(error)) from None
	try:
		deadline = _Deadline(connection)
		deadline.within(end, connection.connect, NotReached)
		headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "client-ledger"}
		return deadline.within(end, lambda: _exchange(connection, path, request.body, headers), NoAnswer)
	finally:
		connection.close()


def _connection(host: str, port: int, seconds: float) -> http.client.HTTPSConnection:
	context = ssl.create_default_context()
	proxy = getproxies().get("https")
	if proxy and not proxy_bypass(host):
		through = urlsplit(proxy if "//" in proxy else f"//{proxy}")
		found = http.client.HTTPSConnection(
			through.hostname, through.port or 3128, timeout=seconds, context=context
		)
		found.set_tunnel(host, port)
		return found
	return http.client.HTTPSConnection(host, port, timeout=seconds, context=context)


def _exchange(
	connection: http.client.HTTPSConnection, path: str, body: bytes, headers: dict[str, str]
) -> HttpAnswer:
	connection.request("POST", path, body, headers)
	answer = connection.getresponse()
	found = answer.read(MOST_BYTES + 1)
	return HttpAnswer(
		answer.status,
		found[:MOST_BYTES],
		(answer.getheader("Retry-After") or "").strip(),
		len(found) > MOST_BYTES,
	)


class _Deadline:
	"""Ends a connection when its time is over: time-outs of sockets begin anew with every byte."""

	def __init__(self, connection: http.client.HTTPSConnection):
		self.connection, self.is_over = connection, False
		# http.client lets go of the socket before the answer is read.
		self.sock: socket.socket | None = None

	def within(self, end: float, work: Callable, failure: type[Exception]) -> HttpAnswer | None:
		"""Return what *work* returns. Raises *failure* where it fails, or has not ended by *end* (time.monotonic)."""
		timer = threading.Timer(max(end - time.monotonic(), 0.01), self._end)
		timer.daemon = True
		timer.start()
		try:
			found = work()
		except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
			# Nothing but the kind of error: its text may hold the address.
			raise failure("time-out" if self.is_over else _kind_of(error)) from None
		finally:
			timer.cancel()
		if self.is_over:
			raise failure("time-out")
		self.sock = self.connection.sock or self.sock
		return found

	def _end(self) -> None:
		self.is_over = True
		sock = self.sock or self.connection.sock
		if sock is not None:
			with suppress(OSError, ValueError):
				sock.shutdown(socket.SHUT_RDWR)


def _kind_of(error: Exception) -> str:
	if isinstance(error, ssl.SSLCertVerificationError):
		return f"certificate: {error.verify_message}"
	if isinstance(error, socket.gaierror):
		return "host name not found"
	if isinstance(error, TimeoutError):
		return "time-out"
	return type(error).__name__
