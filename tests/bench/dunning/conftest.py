"""A mail server for the tests of dunning; the site's outgoing account sends to it."""

from collections.abc import Iterator

import pytest

from tests.bench.dunning.smtp import Mailbox, mail_server, use


@pytest.fixture(scope="session")
def _server() -> Iterator[Mailbox]:
	with mail_server() as mailbox:
		yield mailbox


@pytest.fixture
def mailbox(_server: Mailbox) -> Mailbox:
	"""An empty mailbox that the site sends to."""
	_server.received.clear()
	_server.delay, _server.refuse, _server.keep_before_delay = 0, None, False
	use(_server)
	return _server
