"""The benchmarks' history gets into ERPNext's tables by statements that both versions' drivers send."""

import os
import subprocess
import sys
from pathlib import Path

import frappe

from client_ledger.accounts.compute import FigureSource
from client_ledger.accounts.rebuild import customers_to_rebuild, rebuild
from client_ledger.accounts.verify import check_accounts

CHECKOUT = Path(__file__).resolve().parents[2]


def test_a_site_is_filled_and_ties(scratch_site):
	until = frappe.utils.nowdate()
	done = subprocess.run(
		[
			*(sys.executable, "-m", "benchmarks.generate", "--site", scratch_site, "--size", "small"),
			*("--bench", os.environ["FRAPPE_BENCH_ROOT"], "--until", until),
		],
		env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
		capture_output=True,
		text=True,
		timeout=600,
	)
	assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
	frappe.db.rollback()
	frappe.clear_cache()
	invoices = frappe.db.count("Sales Invoice")
	assert invoices and f"{invoices:,}  Sales Invoice" in done.stdout
	assert not rebuild()
	source = FigureSource.of_site(frappe.utils.getdate())
	found = check_accounts(source, customers_to_rebuild(source))
	assert found.compared and (found.mismatches, found.missing, found.untied) == ([], [], [])
