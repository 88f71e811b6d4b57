import os
import subprocess
import sys
from pathlib import Path

import frappe

CHECKOUT = Path(__file__).resolve().parents[3]


def run(*a):
	return subprocess.run(
		[sys.executable, "-m", *a],
		env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
		capture_output=True,
		text=True,
		timeout=1500,
	)


def test_cost(scratch_site):
	bench = os.environ["FRAPPE_BENCH_ROOT"]
	done = run(
		"benchmarks.generate",
		"--site",
		scratch_site,
		"--size",
		os.environ.get("CF_SIZE", "medium"),
		"--bench",
		bench,
		"--until",
		frappe.utils.nowdate(),
	)
	assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
	done = run("benchmarks.cash_forecast", "--site", scratch_site, "--bench", bench)
	Path("/tmp/w19cash.cost").write_text(done.stdout + done.stderr)
	assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
