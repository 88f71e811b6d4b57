"""What the tests of doors begin with: one document of each kind."""

from collections.abc import Iterator

import frappe
import pytest

from tests.bench.doors.records import Records, make_records


@pytest.fixture(scope="module")
def records() -> Iterator[Records]:
	"""The documents; their module is rolled back as a whole."""
	frappe.set_user("Administrator")
	frappe.cache.delete_key("workflow")
	yield make_records()
	frappe.set_user("Administrator")
