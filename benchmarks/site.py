"""Connect to a site of a bench from outside of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = "client_ledger_benchmark"


@contextmanager
def connected(bench: str | Path, site: str) -> Iterator[None]:
	"""Run the body as Administrator on *site* of *bench*, with no mail going out."""
	import frappe

	sites = Path(bench).expanduser().resolve() / "sites"
	if not (sites / site / "site_config.json").is_file():
		raise FileNotFoundError(f"{sites} has no site {site}")
	os.chdir(sites)
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.mute_emails = True
	try:
		yield
	finally:
		frappe.destroy()


def default_bench() -> str:
	"""Return the bench named by FRAPPE_BENCH, or the usual place."""
	return os.environ.get("FRAPPE_BENCH", "~/frappe-bench")
