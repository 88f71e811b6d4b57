"""Waits for what a page does by itself, by conditions and not by the clock."""

from playwright.sync_api import Page

_STILL = """(looks) => {
	const seen = [...document.querySelectorAll("svg.frappe-chart, .number-widget-box, .report-summary, .datatable")]
		.map((part) => part.outerHTML)
		.join("");
	const before = window.client_ledger_seen || {};
	const times = before.seen === seen ? before.times + 1 : 0;
	window.client_ledger_seen = { seen, times };
	return times >= looks;
}"""


def wait_until_still(page: Page, looks: int = 5) -> None:
	"""Wait until charts, cards and tables look the same so many times running, 200 ms apart.

	Frappe's charts draw themselves a second time, and end in an error when their page is left before.
	"""
	page.wait_for_function(_STILL, arg=looks, polling=200)


_OPEN = """() => {
	const dialogs = [...document.querySelectorAll(".modal.show")];
	const moves = dialogs.flatMap((dialog) => dialog.getAnimations({ subtree: true }));
	return dialogs.length > 0 && moves.every((one) => one.playState !== "running");
}"""


def wait_until_open(page: Page) -> None:
	"""Wait until dialogs have come in: Bootstrap does not close one that still moves."""
	page.wait_for_function(_OPEN, polling=100)
