"""Compare Client Ledger with ERPNext's own reports on a site filled by benchmarks.generate, and print the ratios.

	python -m benchmarks.compare --site NAME [--bench ~/frappe-bench] [--four-times SITE] [--only all,one,...]

Run it with the bench's python from this checkout. Ends with 1 if any figure differs or a goal is not met.
"""

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import click

from benchmarks import agreement, cases, upkeep
from benchmarks.cases import CASES, Question
from benchmarks.measure import CLOCKS, Cost, in_own_process, interleaved, medians
from benchmarks.site import MARK, connected, default_bench

GIANT, BUSY, QUIET = "Bench Giant", "Bench Busy", "Bench Quiet"
TERMS_SAMPLE = 300
PARTS = ("all", "agree", "one", "tab", "history", "indexes", "refresh")


@dataclass
class Findings:
	"""Rows of the table that is printed at the end, and whether all is as it should be."""

	rows: list[tuple[str, ...]] = field(default_factory=list)
	good: bool = True

	def add(self, what: str, measured: str, goal: str = "", met: bool = True) -> None:
		"""Note a measurement; *met* only counts where there is a goal."""
		self.rows.append((what, measured, goal, ("yes" if met else "NO") if goal else ""))
		self.good &= met
		click.echo(f"{what}: {measured}" + (f" (goal {goal}: {'met' if met else 'NOT MET'})" if goal else ""))

	def table(self) -> str:
		"""Return everything noted as a Markdown table."""
		lines = ["| what | measured | goal | met |", "|---|---|---|---|"]
		return "\n".join(lines + [f"| {' | '.join(row)} |" for row in self.rows])


@dataclass
class Run:
	"""What the parts need: where, as of when, how often."""

	bench: str
	site: str
	four_times: str | None
	company: str
	as_of: date
	runs: int
	slow_runs: int
	clock: str
	findings: Findings

	def question(self, customer: str | None = None) -> Question:
		"""Return the question about one customer or all."""
		return Question(self.company, self.as_of, customer)

	def times(self, customer: str | None, **runs: int) -> dict[str, float]:
		"""Return the median seconds of cases (underscores for spaces) about a customer, which take turns."""
		names = {name.replace("_", " "): count for name, count in runs.items()}

		turns = {name: lambda case=CASES[name]: case(self.question(customer)) for name in names}
		return medians(interleaved(turns, names, self.clock))


@click.command()
@click.option("--site", required=True)
@click.option("--bench", default=default_bench, show_default="$FRAPPE_BENCH or ~/frappe-bench")
@click.option("--four-times", default=None, help="Site with four times the history.")
@click.option("--runs", default=7, show_default=True)
@click.option(
	"--slow-runs", default=3, show_default=True, help="Runs of ERPNext's reports on all customers; 0: none."
)
@click.option(
	"--clock", type=click.Choice(list(CLOCKS)), default="wall", help="Processor: for a busy machine."
)
@click.option("--only", default=",".join(PARTS), help="Parts, with commas between them.", show_default=True)
def main(
	site: str, bench: str, four_times: str | None, runs: int, slow_runs: int, clock: str, only: str
) -> None:
	"""Measure, compare and print."""
	import frappe

	findings = Findings()
	with connected(bench, site):
		if not frappe.conf.get(MARK):
			sys.exit(f"{site} was not filled by benchmarks.generate")
		from client_ledger.ledger.indexes import make_indexes

		make_indexes()
		company = frappe.defaults.get_global_default("company")
		as_of = frappe.db.get_value("Payment Ledger Entry", {}, "posting_date", order_by="posting_date desc")
		run = Run(bench, site, four_times, company, as_of, runs, slow_runs, clock, findings)
		_describe(run)
		for part in only.split(","):
			PART[part](run)
	click.echo(f"\n{findings.table()}")
	sys.exit(0 if findings.good else 1)


def _describe(run: Run) -> None:
	import erpnext
	import frappe

	counts = {
		doctype: frappe.db.count(doctype) for doctype in ("Customer", "Sales Invoice", "Payment Ledger Entry")
	}
	sizes = ", ".join(f"{n:,} {doctype}" for doctype, n in counts.items())
	database = frappe.db.sql("select version()")[0][0]
	click.echo(f"{sizes}; as of {run.as_of}; {run.clock} clock")
	click.echo(
		f"Frappe {frappe.__version__}, ERPNext {erpnext.__version__}, {database}, Python {platform.python_version()}"
	)


def _agree(run: Run) -> None:
	"""Compare every customer's figures with ERPNext's three ways, and with the general ledger."""
	question, whole = run.question(), _whole_vouchers(run)
	balances = agreement.our_balances(whole, question)
	buckets = agreement.our_buckets(whole, question)
	receivable = agreement.their_buckets(cases.accounts_receivable(question))
	_agreed(run, agreement.compare("Accounts Receivable", buckets, receivable))
	summary = agreement.their_balances(cases.accounts_receivable_summary(question))
	_agreed(run, agreement.compare("Accounts Receivable Summary", balances, summary))
	_agreed(run, agreement.compare("general ledger", balances, agreement.general_ledger(question)))
	_agree_by_terms(run, sorted(balances))
	_agree_with_report(run)


def _agreed(run: Run, found: agreement.Agreement) -> None:
	for difference in found.differences[:5]:
		click.echo(f"  {difference}")
	text = f"{found.compared:,} customers, {len(found.differences)} differ"
	run.findings.add(f"agrees with {found.of}", text, "0 differ", not found.differences)


def _agree_by_terms(run: Run, customers: list[str]) -> None:
	"""Compare a sample by payment terms: there ERPNext asks the database about every open invoice."""
	from client_ledger.ledger.reader import Scope
	from client_ledger.ledger.site import site_ledger

	sample = customers[:: max(1, len(customers) // TERMS_SAMPLE)]
	question = run.question()
	items = site_ledger().open_items(Scope((run.company,), tuple(sample)), run.as_of)
	rows = cases.accounts_receivable(question, by_terms=True, customers=sample)
	found = agreement.compare(
		"Accounts Receivable, based on payment terms",
		agreement.our_buckets(items, question),
		agreement.their_buckets(rows),
	)
	_agreed(run, found)


def _agree_with_report(run: Run) -> None:
	since = f"{run.as_of.year}-01-01"
	for customer in (GIANT, BUSY, QUIET):
		question = run.question(customer)
		ours = agreement.our_balances(cases.open_items(question), question).get(customer, (0,))[0]
		theirs = agreement.general_ledger_report(question, since)
		text = f"{ours / 100:,.2f} and {theirs / 100:,.2f}"
		run.findings.add(f"closing balance in General Ledger, {customer}", text, "the same", ours == theirs)


def _whole_vouchers(run: Run) -> list:
	from client_ledger.ledger.reader import Scope
	from client_ledger.ledger.site import site_ledger

	return site_ledger().open_items(Scope((run.company,)), run.as_of, by_terms=False)


def _all(run: Run) -> None:
	"""Time all customers in turns, each case in processes of its own: a large report would leave its heap to the next."""
	fast = {"nothing": 1, "bare query": run.runs, "open items": run.runs, "ageing by customer": run.runs}
	slow = {"Accounts Receivable": run.slow_runs, "Accounts Receivable Summary": run.slow_runs}
	turns = {name: count for name, count in {**fast, **slow}.items() if count}
	costs: dict[str, list[Cost]] = {name: [] for name in turns}
	for turn in range(max(turns.values())):
		for name in turns:
			if turn < turns[name]:
				repeat = 3 if name in fast else 1
				cost = in_own_process(run.bench, run.site, name, run.question(), repeat, run.clock)
				costs[name].append(cost)
	seconds = medians({name: [cost.seconds for cost in found] for name, found in costs.items()})
	peaks = medians({name: [cost.megabytes for cost in found] for name, found in costs.items()})
	for name in turns:
		text = f"{_seconds(seconds[name])}, {peaks[name]:.0f} MB"
		run.findings.add(f"all customers: {name}", f"{peaks[name]:.0f} MB" if name == "nothing" else text)
	ours = seconds["open items"]
	_at_most(run, "all customers: open items against the bare query", ours / seconds["bare query"], 2)
	if not run.slow_runs:
		return
	theirs, summary = seconds["Accounts Receivable"], seconds["Accounts Receivable Summary"]
	_faster(run, "all customers: open items against Accounts Receivable", theirs / ours, 30)
	ageing = seconds["ageing by customer"]
	_faster(run, "all customers: ageing against Accounts Receivable Summary", summary / ageing, 30)
	for name in ("open items", "ageing by customer"):
		ratio = peaks[name] / peaks["Accounts Receivable"]
		_at_most(run, f"peak memory of {name} against Accounts Receivable", ratio, 0.2)


def _one(run: Run) -> None:
	CASES["open items"](run.question(BUSY))
	seconds = run.times(BUSY, bare_query=3 * run.runs, open_items=3 * run.runs, Accounts_Receivable=run.runs)
	_print(run, f"one customer ({_entries(BUSY):,} entries)", seconds)
	ratio = seconds["Accounts Receivable"] / seconds["open items"]
	_faster(run, "one customer: open items against Accounts Receivable", ratio, 100)
	_at_most(
		run,
		"one customer: open items against the bare query",
		seconds["open items"] / seconds["bare query"],
		2,
	)


def _tab(run: Run) -> None:
	for case in ("first page", "ledger tab", "after the tab", "finding in it"):
		named = {GIANT: case, QUIET: case}
		for customer in named:
			CASES[case](run.question(customer))
		seconds = medians(
			interleaved(
				{name: lambda name=name: CASES[case](run.question(name)) for name in named},
				dict.fromkeys(named, 3 * run.runs),
				run.clock,
			)
		)
		for customer, value in seconds.items():
			run.findings.add(f"{case}, customer with {_entries(customer):,} entries", _seconds(value))
		if case == "ledger tab":
			ratio = seconds[GIANT] / seconds[QUIET]
			_at_most(run, "ledger tab, the long ledger against the short one", ratio, 1.5)


def _history(run: Run) -> None:
	if not run.four_times:
		click.echo("no --four-times site: growth with history not measured")
		return
	for name, customer in (("open items", None), ("bare query", None), ("open items", BUSY)):
		pairs: dict[str, list[float]] = {run.site: [], run.four_times: []}
		for _ in range(run.slow_runs):
			for site, seconds in pairs.items():
				seconds.append(
					in_own_process(run.bench, site, name, run.question(customer), 5, run.clock).seconds
				)
		once, four = medians(pairs).values()
		what = f"four times the history, {customer or 'all customers'}: {name}"
		text = f"{four / once:.1f} times ({_seconds(once)} and {_seconds(four)})"
		run.findings.add(
			what, text, "" if name == "bare query" else "at most 4", name == "bare query" or four / once <= 4
		)


def _indexes(run: Run) -> None:
	cost = upkeep.index_cost(run.question(BUSY), run.clock)
	run.findings.add("indexes: time to make", _seconds(cost.build))
	run.findings.add(
		"indexes: size", f"{cost.megabytes:.0f} MB, beside {cost.tables_megabytes:,.0f} MB of the tables"
	)
	ratio = cost.submit_with / cost.submit_without
	text = f"{ratio:.2f} times ({_seconds(cost.submit_with)} and {_seconds(cost.submit_without)})"
	run.findings.add("indexes: submitting an invoice, with and without", text)


def _refresh(run: Run) -> None:
	cost = upkeep.refresh_cost(run.question(), (0, 10, 100, 1000), run.clock)
	run.findings.add(f"accounts: rebuilding all {cost.accounts:,}", _seconds(cost.rebuild))
	for changed, seconds in cost.nightly.items():
		run.findings.add(f"accounts: nightly refresh, {changed:,} customers changed", _seconds(seconds))


def _entries(customer: str) -> int:
	import frappe

	return frappe.db.count(
		"Payment Ledger Entry", {"party_type": "Customer", "party": customer, "delinked": 0}
	)


def _print(run: Run, what: str, seconds: dict[str, float]) -> None:
	for name, value in seconds.items():
		run.findings.add(f"{what}: {name}", _seconds(value))


def _faster(run: Run, what: str, ratio: float, goal: float) -> None:
	run.findings.add(what, f"{ratio:.0f} times faster", f"at least {goal:.0f}", ratio >= goal)


def _at_most(run: Run, what: str, ratio: float, goal: float) -> None:
	run.findings.add(what, f"{ratio:.2f}", f"at most {goal:g}", ratio <= goal)


def _seconds(seconds: float) -> str:
	return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


PART: dict[str, Callable[[Run], None]] = {
	"agree": _agree,
	"all": _all,
	"one": _one,
	"tab": _tab,
	"history": _history,
	"indexes": _indexes,
	"refresh": _refresh,
}


if __name__ == "__main__":
	main()
