"""Two customers of the test company, whose portal is on, each with a user and a link."""

from collections.abc import Iterator
from types import SimpleNamespace

import frappe
import pytest

from tests.bench import factories as f
from tests.bench.dunning.conftest import _server, assets, mailbox  # noqa: F401
from tests.bench.portal.setting import (
	ADA,
	BOB,
	COMPANY,
	forget_counts,
	make_account,
	make_link,
	make_portal_user,
	switch,
)


@pytest.fixture(autouse=True)
def _counts() -> Iterator[None]:
	forget_counts()
	yield
	forget_counts()


@pytest.fixture
def portal() -> SimpleNamespace:
	"""ada, bob: users; invoices by customer; link: Ada's."""
	f.make_company()
	frappe.local.request_ip = "203.0.113.7"
	switch(COMPANY)
	invoices = {ADA: make_account(ADA, 500, 300, 200), BOB: make_account(BOB, 77)}
	return SimpleNamespace(
		ada=make_portal_user("ada@portal.example", ADA),
		bob=make_portal_user("bob@portal.example", BOB),
		stranger=make_portal_user("stranger@portal.example"),
		invoices=invoices,
		link=make_link(ADA),
	)
