"""Fresh settings after each test."""

from collections.abc import Iterator

import frappe
import pytest


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
	frappe.clear_document_cache("Collection Settings", "Collection Settings")
	yield
	frappe.set_user("Administrator")
	frappe.clear_document_cache("Collection Settings", "Collection Settings")


# Reminders that are sent: see the tests of collections.
from tests.bench.collections.conftest import _server, mailbox  # noqa: F401
