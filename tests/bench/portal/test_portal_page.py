"""The page itself and its entry in the portal's menu: for whom it opens, what it says where it does not, what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.website.utils import get_sidebar_items

from client_ledger.guest_links import links
from client_ledger.portal import menu, page
from tests.bench.portal.setting import (
	ADA,
	BOB,
	COMPANY,
	as_user,
	make_link,
	make_portal_user,
	name_of,
	switch,
)


@contextmanager
def asked_for(user: str, **given: str) -> Iterator[frappe._dict]:
	"""The context of the page as *user* asks for it."""
	context = frappe._dict()
	with as_user(user):
		# Becoming a user empties what was asked.
		frappe.local.form_dict = frappe._dict(given)
		page.fill_context(context)
	yield context


def test_the_page_opens_for_who_logs_in_and_by_a_link(portal):
	with asked_for(portal.ada) as context:
		assert (context.http_status_code, context.company, context.no_cache) == (200, COMPANY, 1)
		assert context.state["may_act"] and context.state["csrf_token"] and context.state["link"] is None
	with asked_for("Guest", link=portal.link) as context:
		assert context.http_status_code == 200 and not context.state["may_act"]
		assert context.state["csrf_token"] is None and context.accounts == []
	assert frappe.db.get_value("Guest Link", name_of(portal.link), "opened") == 1
	with asked_for(portal.ada, customer=BOB) as context:
		assert context.http_status_code == 403 and context.state is None
		assert BOB not in context.refused


def test_who_has_neither_is_led_to_the_login(portal):
	with pytest.raises(frappe.Redirect), asked_for("Guest"):
		pass
	assert frappe.local.flags.redirect_location == "/login?redirect-to=/customer-ledger"


def test_what_does_not_open_says_what_to_do(portal):
	ended = make_link(ADA, recipient="x@x.example")
	links.revoke(name_of(ended), "test")
	for link, says in ((ended, "withdrawn"), ("made-up", "not valid")):
		with asked_for("Guest", link=link) as context:
			assert context.http_status_code == 403 and says in context.refused
	switch(COMPANY, on=False)
	for user, given in ((portal.ada, {}), ("Guest", {"link": portal.link})):
		with asked_for(user, **given) as context:
			assert context.http_status_code == 403 and "not available" in context.refused


def test_what_the_script_gets_cannot_end_its_element(portal):
	frappe.db.set_value("Customer", ADA, "customer_name", "</script><script>alert(1)</script>")
	with asked_for(portal.ada) as context:
		assert "<" not in context.state_json and "&" not in context.state_json


def entries(user: str) -> list[str]:
	"""Return the routes of the portal's menu as *user* sees it on a page."""
	frappe.cache.delete_value("portal_menu_items")
	with as_user(user):
		items = get_sidebar_items(None)
		context = frappe._dict(sidebar_items=items)
		changed = menu.update_website_context(context)
		context.update(changed or {})
		assert bool(context.no_cache) == (menu.ROUTE in [item["route"] for item in items])
		return [item["route"] for item in context["sidebar_items"]]


def test_the_menu_leads_there_only_where_it_leads_somewhere(portal):
	frappe.get_doc("Portal Settings").sync_menu()
	plain = make_portal_user("plain@portal.example")
	assert menu.ROUTE in entries(portal.ada)
	assert menu.ROUTE not in entries(plain)
	switch(COMPANY, on=False)
	assert menu.ROUTE not in entries(portal.ada)
	# The menu that Frappe keeps for the user is not what was changed.
	switch(COMPANY)
	assert menu.ROUTE in entries(portal.ada)


def test_a_setup_step_says_where_it_is_on(portal):
	from client_ledger.getting_started.steps import all_steps

	step = next(one for one in all_steps() if one["key"] == "portal")
	assert step["done"] and COMPANY in step["found"] and "payments" in step["found"]
	for company in frappe.get_all("Company", pluck="name"):
		switch(company, on=False)
	step = next(one for one in all_steps() if one["key"] == "portal")
	assert not step["done"] and step["optional"]
