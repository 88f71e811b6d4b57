"""The mail server of the tests of dunning, and an address of its own for each test's visitor."""

from collections.abc import Iterator

import frappe
import pytest

from tests.bench.dunning.conftest import _server, assets, mailbox  # noqa: F401


@pytest.fixture(autouse=True)
def _visitor() -> Iterator[None]:
	before = getattr(frappe.local, "request_ip", None)
	frappe.local.request_ip = frappe.generate_hash(length=12)
	yield
	frappe.local.request_ip = before
