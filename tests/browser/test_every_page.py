"""Every page of the app as every role: nothing that is offered ends in an error, and what is ours is readable by all (axe-core)."""

import json
import os
from collections.abc import Iterator
from urllib.parse import quote

import frappe
import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.bench.home_books import CEDAR, NORTH, make_home_books
from tests.browser.users import MANAGER_ROLES, make_user
from tests.browser.waiting import wait_until_still

MODULE = "Client Ledger"
# User -> roles, language, width.
PEOPLE = {
	"manager@every-page.example": ((*MANAGER_ROLES, "Accounts User"), "", 1440),
	"phone@every-page.example": ((*MANAGER_ROLES, "Accounts User"), "zh", 390),
	"controller@every-page.example": (("Credit Controller", "Accounts User"), "", 1440),
	"seller@every-page.example": (("Sales User",), "", 1440),
	"auditor@every-page.example": (("Auditor", "Accounts User"), "", 1440),
	"administrator@every-page.example": (("System Manager",), "", 1440),
}
READ_WITH_AXE = ("manager@every-page.example", "phone@every-page.example")
# What axe-core finds serious or worse in what is ours: rule -> elements.
AXE = """async () => {
	const ours = [...document.querySelectorAll("[class*='cl-']")].filter(
		(one) => one.offsetParent && !one.parentElement.closest("[class*='cl-']")
	);
	if (!ours.length) return {};
	const { violations } = await axe.run({ include: ours }, { resultTypes: ["violations"] });
	return Object.fromEntries(
		violations
			.filter(({ impact }) => ["serious", "critical"].includes(impact))
			.map(({ id, nodes }) => [id, nodes.slice(0, 4).map((node) => node.html.slice(0, 200))])
	);
}"""
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module", autouse=True)
def books(site) -> None:
	"""The books and the people. All is committed, once."""
	make_home_books()
	for user, (roles, language, _width) in PEOPLE.items():
		make_user(user, roles, language=language, company=NORTH)
	frappe.db.commit()


def places(user: str) -> Iterator[list[str]]:
	"""Yield the routes that *user* is let in to: the home page, pages, reports, lists; new documents for those read with axe-core."""
	frappe.set_user(user)
	try:
		yield ["Workspaces", MODULE]
		for name in frappe.get_all("Page", {"module": MODULE}, pluck="name"):
			if frappe.get_doc("Page", name).is_permitted():
				yield [name]
		for name in frappe.get_all("Report", {"module": MODULE, "disabled": 0}, pluck="name"):
			report = frappe.get_doc("Report", name)
			# Frappe takes the roles of the workspace of the same name, too.
			if not {row.role for row in report.roles} & set(frappe.get_roles()):
				continue
			if report.is_permitted() and frappe.has_permission(report.ref_doctype, "report"):
				yield ["query-report", name]
		for doctype in frappe.get_all("DocType", {"module": MODULE, "istable": 0}, ["name", "issingle"]):
			if not frappe.has_permission(doctype.name, "read"):
				continue
			yield ["Form", doctype.name] if doctype.issingle else ["List", doctype.name]
			if (
				user in READ_WITH_AXE
				and not doctype.issingle
				and frappe.has_permission(doctype.name, "create")
			):
				yield ["new", doctype.name]
	finally:
		frappe.set_user("Administrator")


def faults(page: Page, traffic: "Traffic") -> dict[str, object]:
	"""Return what is wrong with the page as it stands."""
	boxes = [box.inner_text() for box in page.locator(".modal.show:has(.msgprint)").all() if box.is_visible()]
	missing = page.locator(
		".page-container:visible .missing-page, #page-404:visible, .not-found:visible"
	).count()
	found = {"boxes": boxes, "failed requests": traffic.take_failed(), "missing": missing}
	return {name: value for name, value in found.items() if value}


class Traffic:
	"""What a page asks the server for: what is under way, and what failed."""

	def __init__(self, page: Page):
		self.page, self.open, self.failed = page, {}, []
		page.on("request", self._begin)
		page.on("requestfinished", self._end)
		page.on("requestfailed", self._end)
		page.on("response", self._note)

	def wait(self, milliseconds: int = 400, at_most: int = 60_000) -> None:
		"""Wait until nothing has been under way for so long; what has not ended after *at_most* has failed."""
		quiet = waited = 0
		while quiet < milliseconds:
			self.page.wait_for_timeout(100)
			quiet, waited = 0 if self.open else quiet + 100, waited + 100
			if waited > at_most:
				self.failed += [f"no answer {url}" for url in self.open.values()]
				self.open.clear()

	def take_failed(self) -> list[str]:
		"""Return what failed since it was asked last."""
		failed, self.failed = self.failed, []
		return failed

	def _begin(self, request: Request) -> None:
		if "/socket.io/" not in request.url:
			self.open[request] = request.url[:300]

	def _end(self, request: Request) -> None:
		self.open.pop(request, None)

	def _note(self, response: Response) -> None:
		if response.status >= 400 and "/api/" in response.url:
			self.failed.append(f"{response.status} {response.url[:300]}")


def axe_of(page: Page, user: str) -> bool:
	"""Load axe-core into the page of those it is to read for, where it is installed."""
	path = os.environ.get("CLIENT_LEDGER_AXE") if user in READ_WITH_AXE else None
	if path:
		page.add_script_tag(path=path)
	return bool(path)


def go(page: Page, traffic: Traffic, route: list[str]) -> None:
	if route[0] == "new":
		page.evaluate("doctype => frappe.new_doc(doctype)", route[1])
	else:
		page.evaluate("route => frappe.set_route(route)", route)
	traffic.wait()
	wait_until_still(page, looks=2)


@pytest.mark.parametrize("user", PEOPLE)
def test_nothing_that_is_offered_ends_in_an_error(page_as, desk, screenshots, user):
	width = PEOPLE[user][2]
	page = page_as(user, width=width, height=1400)
	traffic = Traffic(page)
	page.goto(f"{desk}/client-ledger")
	expect(page.locator(".cl-home")).to_have_attribute("aria-busy", "false", timeout=60_000)
	axe = axe_of(page, user)
	wrong, seen = {}, 0
	for route in places(user):
		# Internal tables, which have no list.
		if route[0] in ("List", "new") and not page.evaluate(
			"doctype => frappe.model.can_read(doctype)", route[1]
		):
			continue
		go(page, traffic, route)
		seen += 1
		found = faults(page, traffic)
		if axe:
			found |= page.evaluate(AXE)
		if found:
			wrong["/".join(route)] = found
			page.screenshot(path=screenshots / f"fault-{user.split('@')[0]}-{seen}.png")
			page.evaluate("() => frappe.hide_msgprint && frappe.hide_msgprint(true)")
			page.evaluate("() => window.cur_dialog && cur_dialog.hide()")
	assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)
	assert seen > 5


@pytest.mark.parametrize("user", PEOPLE)
def test_the_tabs_of_a_customer(page_as, desk, screenshots, user):
	width = PEOPLE[user][2]
	page = page_as(user, width=width, height=1400)
	traffic = Traffic(page)
	frappe.set_user(user)
	allowed = frappe.has_permission("Customer", "read")
	frappe.set_user("Administrator")
	page.goto(f"{desk}/customer/{quote(CEDAR)}")
	traffic.wait()
	if not allowed:
		return expect(page.locator(".cl-ledger")).to_have_count(0)
	axe = axe_of(page, user)
	wrong = {}
	tabs = page.locator(".form-tabs .nav-link[data-fieldname^=cl_]")
	for i in range(tabs.count()):
		tab = tabs.nth(i)
		if not tab.is_visible():
			continue
		tab.click()
		traffic.wait()
		wait_until_still(page, looks=2)
		name = tab.get_attribute("data-fieldname")
		page.screenshot(path=screenshots / f"tab-{name}-{user.split('@')[0]}.png")
		found = faults(page, traffic)
		if axe:
			found |= page.evaluate(AXE)
		if found:
			wrong[name] = found
	assert tabs.count()
	assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)
