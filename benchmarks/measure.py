"""Run one case in a process of its own; print its seconds and the process's memory as one line of JSON.

python -m benchmarks.measure --site NAME --case "open items" [--customer NAME] [--runs 3]
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.cases import CASES, Question
from benchmarks.site import connected, default_bench

KILOBYTES_PER_MEGABYTE = 1024
NANOSECONDS = 1e9


class Cost(NamedTuple):
	"""Median seconds of one run, and the most memory (MB) the process ever had."""

	seconds: float
	megabytes: float


def wall_clock() -> float:
	"""Return seconds that pass."""
	return time.perf_counter()


def processor_clock() -> float:
	"""Return seconds of processor time, of this process and of its database connection. Raises OSError elsewhere."""
	return time.process_time() + int(_scheduler_file().read_text().split()[0]) / NANOSECONDS


@cache
def _scheduler_file() -> Path:
	"""Return where Linux counts the time of the thread that serves our connection, which stays open meanwhile."""
	import frappe

	query = "select tid from information_schema.processlist where id = connection_id()"
	thread = frappe.db.sql(query)[0][0]
	return Path(f"/proc/{thread}/task/{thread}/schedstat")


CLOCKS: dict[str, Callable[[], float]] = {"wall": wall_clock, "processor": processor_clock}


def interleaved(
	cases: dict[str, Callable[[], object]], runs: dict[str, int], clock: str = "wall"
) -> dict[str, list[float]]:
	"""Return the seconds of each run of each case; the cases take turns, so that all meet the same load."""
	seconds: dict[str, list[float]] = {name: [] for name in cases}
	for turn in range(max(runs.values())):
		for name, case in cases.items():
			if turn < runs[name]:
				seconds[name].append(timed(case, clock))
	return seconds


def timed(case: Callable[[], object], clock: str = "wall") -> float:
	"""Return the seconds *case* takes."""
	now = CLOCKS[clock]
	started = now()
	case()
	return now() - started


def medians(seconds: dict[str, list[float]]) -> dict[str, float]:
	"""Return the median of each list."""
	return {name: statistics.median(values) for name, values in seconds.items()}


def in_own_process(
	bench: str, site: str, case: str, question: Question, runs: int = 1, clock: str = "wall"
) -> Cost:
	"""Return what *case* costs in a new process. Raises CalledProcessError if that fails."""
	command = [sys.executable, "-m", "benchmarks.measure", "--bench", bench, "--site", site, "--case", case]
	command += [
		"--company",
		question.company,
		"--as-of",
		str(question.as_of),
		"--runs",
		str(runs),
		"--clock",
		clock,
	]
	if question.customer:
		command += ["--customer", question.customer]
	from benchmarks import __path__ as package

	output = subprocess.run(
		command, check=True, stdout=subprocess.PIPE, text=True, cwd=f"{package[0]}/.."
	).stdout
	return Cost(**json.loads(output.splitlines()[-1]))


@click.command()
@click.option("--site", required=True)
@click.option("--bench", default=default_bench)
@click.option("--case", type=click.Choice(list(CASES)), required=True)
@click.option("--company", required=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--customer", default=None)
@click.option("--runs", default=1)
@click.option("--clock", type=click.Choice(list(CLOCKS)), default="wall")
def main(
	site: str, bench: str, case: str, company: str, as_of: date, customer: str | None, runs: int, clock: str
) -> None:
	"""Run one case in this process."""
	with connected(bench, site):
		question = Question(company, as_of.date(), customer)
		seconds = [timed(lambda: CASES[case](question), clock) for _ in range(runs)]
	click.echo(json.dumps({"seconds": statistics.median(seconds), "megabytes": _peak_memory()}))


def _peak_memory() -> float:
	"""Return the most memory this process had (MB). Not from getrusage, whose maximum a parent hands on."""
	status = Path("/proc/self/status")
	if not status.exists():
		return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE
	peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
	return int(peak.split()[1]) / KILOBYTES_PER_MEGABYTE


if __name__ == "__main__":
	main()
