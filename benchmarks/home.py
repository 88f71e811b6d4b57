"""How long the server takes for the home page of a large site, for an Administrator and for one whose lists are narrowed by rules.

	python -m benchmarks.home --site bench.localhost --user manager@example.com

Nothing is written.
"""

import argparse
import statistics
import time
from collections.abc import Sequence

from benchmarks.site import connected, default_bench

GOAL = 0.3
TURNS = 9


def main(arguments: Sequence[str] | None = None) -> int:
	"""Measure, print, and return 1 where the goal is missed."""
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", default=default_bench())
	parser.add_argument("--user", action="append", default=[])
	given = parser.parse_args(arguments)
	with connected(given.bench, given.site):
		return max(measure(user) for user in ["Administrator", *given.user])


def measure(user: str) -> int:
	"""Ask for the page as *user*, several times; return 1 where the middle one took longer than the goal."""
	import frappe

	from client_ledger.home.api import get_home

	frappe.set_user(user)
	home = get_home()
	seconds = []
	for _turn in range(TURNS):
		started = time.perf_counter()
		get_home()
		seconds.append(time.perf_counter() - started)
	middle = statistics.median(seconds)
	print(f"{user}: {middle * 1000:.0f} ms ({min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f})")
	for name, found in home.get("lists", {}).items():
		print(f"  {name}: {found['total']}")
	print(f"goal at most {GOAL * 1000:.0f} ms: {'met' if middle <= GOAL else 'NOT MET'}")
	return int(middle > GOAL)


if __name__ == "__main__":
	raise SystemExit(main())
