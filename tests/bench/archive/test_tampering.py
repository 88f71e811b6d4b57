"""Whatever a tamperer does by SQL to a real archive is found: by the site itself, or by a head that was sent outside.

CLIENT_LEDGER_TAMPERINGS chooses how often each kind is tried, and CLIENT_LEDGER_SEED where.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest

from tests.bench.archive import tamperer
from tests.bench.archive.setting import empty, head, keep_some, kinds_found

pytestmark = pytest.mark.one_transaction
ENTRIES, ROUNDS = 6, int(os.environ.get("CLIENT_LEDGER_TAMPERINGS", "1"))
SEED = os.environ.get("CLIENT_LEDGER_SEED", "20261128")


@pytest.fixture(scope="module", autouse=True)
def archive() -> Iterator[None]:
	empty()
	keep_some(ENTRIES)
	assert kinds_found() == set()
	yield
	assert kinds_found() == set()


@contextmanager
def taken_back() -> Iterator[None]:
	frappe.db.savepoint("tampering")
	yield
	frappe.db.rollback(save_point="tampering")
	while tamperer.undo:
		tamperer.undo.pop()()


@pytest.mark.parametrize("tampering", tamperer.NAIVE, ids=lambda one: one.__name__)
def test_the_site_finds_it_by_itself(tampering):
	chance = random.Random(f"{SEED} {tampering.__name__}")
	for _round in range(ROUNDS):
		with taken_back():
			tampering(chance)
			assert kinds_found()


@pytest.mark.parametrize("tampering", tamperer.SKILLED, ids=lambda one: one.__name__)
def test_a_head_from_outside_finds_it(tampering):
	known = head()
	chance = random.Random(f"{SEED} {tampering.__name__}")
	for _round in range(ROUNDS):
		with taken_back():
			tampering(chance)
			assert kinds_found() == set()
			assert kinds_found(outside=[known])
