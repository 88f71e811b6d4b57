"""A mail server for the tests of collections: assignments notify by mail, and the loop begins with a reminder."""

from collections.abc import Iterator

import frappe
import pytest

from tests.bench.dunning.smtp import Mailbox, mail_server, use


@pytest.fixture(scope="session")
def _server() -> Iterator[Mailbox]:
	with mail_server() as found:
		yield found


@pytest.fixture(autouse=True)
def mailbox(_server: Mailbox) -> Iterator[Mailbox]:
	"""An empty mailbox that the site sends to; afterwards Administrator again, with fresh settings."""
	_server.received.clear()
	_server.delay, _server.refuse, _server.keep_before_delay = 0, None, False
	use(_server)
	frappe.clear_document_cache("Collection Settings", "Collection Settings")
	yield _server
	frappe.set_user("Administrator")
	frappe.clear_document_cache("Collection Settings", "Collection Settings")


# What prints look for: see the tests of dunning.
from tests.bench.dunning.conftest import assets  # noqa: F401
