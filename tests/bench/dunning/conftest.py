"""A mail server for the tests of dunning; the site's outgoing account sends to it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import frappe
import pytest

from tests.bench.dunning.smtp import Mailbox, mail_server, use


@pytest.fixture(scope="session")
def _server() -> Iterator[Mailbox]:
	with mail_server() as mailbox:
		yield mailbox


@pytest.fixture
def mailbox(_server: Mailbox) -> Mailbox:
	"""An empty mailbox that the site sends to."""
	_server.reset()
	use(_server)
	return _server


@pytest.fixture
def assets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
	"""Something that answers where prints look for the site's style sheets; without it no PDF can be made."""

	class Empty(BaseHTTPRequestHandler):
		def do_GET(self) -> None:
			self.send_response(200)
			self.send_header("Content-Type", "text/css")
			self.end_headers()

		def log_message(self, *arguments: object) -> None:
			pass

	server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
	Thread(target=server.serve_forever, daemon=True).start()
	monkeypatch.setitem(frappe.local.conf, "host_name", f"http://127.0.0.1:{server.server_port}")
	yield
	server.shutdown()
