"""Whatever a tamperer does by SQL to a real archive is found: by the site itself, or by a head that was sent outside."""

import random

import frappe
import pytest

from tests.bench.archive import tamperer
from tests.bench.archive.setting import empty, head, keep_some, kinds_found

pytestmark = pytest.mark.one_transaction
ENTRIES, ROUNDS = 9, 4


@pytest.fixture(scope="module", autouse=True)
def archive():
	empty()
	keep_some(ENTRIES)
	assert kinds_found() == set()


@pytest.fixture(autouse=True)
def _undone():
	frappe.db.savepoint("tampering")
	yield
	frappe.db.rollback(save_point="tampering")
	while tamperer.undo:
		tamperer.undo.pop()()
	assert kinds_found() == set()


@pytest.mark.parametrize("tampering", tamperer.NAIVE, ids=lambda one: one.__name__)
def test_the_site_finds_it_by_itself(tampering):
	chance = random.Random(tampering.__name__)
	for _round in range(ROUNDS):
		frappe.db.savepoint("round")
		tampering(chance)
		assert kinds_found()
		frappe.db.rollback(save_point="round")
		while tamperer.undo:
			tamperer.undo.pop()()


@pytest.mark.parametrize("tampering", tamperer.SKILLED, ids=lambda one: one.__name__)
def test_a_head_from_outside_finds_it(tampering):
	known = head()
	chance = random.Random(tampering.__name__)
	for _round in range(ROUNDS):
		frappe.db.savepoint("round")
		tampering(chance)
		assert kinds_found() == set()
		assert kinds_found(outside=[known])
		frappe.db.rollback(save_point="round")
