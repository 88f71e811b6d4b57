"""What a statement's PDF costs: by the optional engine, and by ERPNext's converter, in turns, on one core.

	python -m benchmarks.statements --site bench.localhost                  # the ratio, of one page and of ten, two languages
	python -m benchmarks.statements --site bench.localhost --many 10000     # all customers: figures read, PDFs made, two processes

The ratio is taken of invented statements, so any site will do; --many takes the customers of the site. Nothing is written.
"""

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.site import connected, default_bench

GOAL_SECONDS = 600
WORKERS = 2
LETTER_HEAD = '<table width="100%"><tr><td><h2>Harbour Trading</h2></td><td align="right">Pier 3<br>1 Harbour Way</td></tr></table>'
NAMES = {"en": "Hartmann & Söhne", "zh": "上海宏远贸易有限公司"}


def main(arguments: Sequence[str] | None = None) -> int:
	"""Measure, print, and return 1 where the goal of --many is missed."""
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--bench", default=default_bench())
	parser.add_argument("--turns", type=int, default=5)
	parser.add_argument("--many", type=int, default=0, help="so many customers, at most")
	given = parser.parse_args(arguments)
	if given.many:
		return many(given.bench, given.site, given.many)
	if hasattr(os, "sched_setaffinity"):
		os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
	with connected(given.bench, given.site):
		ratios(given.turns)
	return 0


def ratios(turns: int) -> None:
	"""Print what both take for each kind of statement."""
	import frappe

	from client_ledger.paper.html import html_page
	from client_ledger.paper.layout import lay_out
	from client_ledger.paper.pdf import make_pdf
	from client_ledger.statements import letter_head, printing
	from client_ledger.statements.style import site_style

	strip = letter_head.strip_of(LETTER_HEAD)
	print(f"letter head as a strip: {f'{strip.height:.0f} mm' if strip else 'failed'}")
	for language in ("en", "zh"):
		frappe.local.lang = language
		for rows in (30, 460):
			figures = invented(rows, language)

			def by_engine(figures=figures) -> bytes:
				return make_pdf(lay_out(figures, site_style(), figures.as_of), strip)

			def by_converter(figures=figures) -> bytes:
				return printing.make_pdf(
					html_page(lay_out(figures, site_style(), figures.as_of), LETTER_HEAD)
				)

			compare(f"{language}, {rows} lines", by_engine, by_converter, turns)


def compare(name: str, ours: Callable[[], bytes], theirs: Callable[[], bytes], turns: int) -> None:
	"""Print pages, seconds to wait and processor seconds of both, and the ratio."""
	import io

	from pypdf import PdfReader

	pages = [len(PdfReader(io.BytesIO(make())).pages) for make in (ours, theirs)]
	taken: dict[Callable, list[tuple[float, float]]] = {ours: [], theirs: []}
	for _turn in range(turns):
		for make in (ours, theirs):
			started, processor = time.perf_counter(), processor_seconds()
			make()
			taken[make].append((time.perf_counter() - started, processor_seconds() - processor))
	(wait, used), (their_wait, their_used) = (
		[statistics.median(column) for column in zip(*taken[make], strict=True)] for make in (ours, theirs)
	)
	print(
		f"{name}: engine {wait * 1000:.0f} ms ({used * 1000:.0f} ms processor, {pages[0]} pages), "
		f"ERPNext's converter {their_wait * 1000:.0f} ms ({their_used * 1000:.0f} ms, {pages[1]} pages): "
		f"{their_wait / wait:.1f} times as long, {their_used / used:.1f} times the processor"
	)


def processor_seconds() -> float:
	"""Return what this process and the programs it ran have used."""
	found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
	return sum(one.ru_utime + one.ru_stime for one in found)


def invented(rows: int, language: str) -> object:
	"""Return the figures of a statement of *rows* lines."""
	from client_ledger.core.ageing import Ageing
	from client_ledger.core.entries import Voucher
	from client_ledger.core.movements import Opening
	from client_ledger.core.statements.figures import StatementFigures
	from client_ledger.core.statements.parts import BankDetails, Coverage, StatedLine
	from client_ledger.core.status import ItemStatus

	first, balance, lines, zero = date(2026, 1, 1), Decimal(0), [], Decimal(0)
	for number in range(rows):
		amount = Decimal(number * 7919 % 100_000) / 100 + 10
		is_invoice = bool(number % 3)
		debit, credit = (amount, zero) if is_invoice else (zero, amount)
		balance += debit - credit
		kind, name = ("Sales Invoice", "SINV") if is_invoice else ("Payment Entry", "PAY")
		day = first + timedelta(days=number * 180 // rows)
		lines.append(
			StatedLine(
				"C1", day, Voucher(kind, f"ACC-{name}-2026-{number:05d}"), (),
				day + timedelta(days=30) if is_invoice else None,
				ItemStatus.OVERDUE if is_invoice else ItemStatus.SETTLED, number % 90 if is_invoice else None,
				"USD", debit, credit, balance, debit, credit, balance, zero, zero,
			)
		)  # fmt: skip
	closing = Opening({"USD": balance}, balance)
	ageing = Ageing(balance, [zero] * 5)
	name = NAMES[language]
	return StatementFigures(
		"C1", name, (("C1", name),), "Harbour Trading", "USD", None, Coverage.ACTIVITY, first,
		date(2026, 6, 30), Opening({"USD": zero}, zero), tuple(lines), closing, (), {"USD": ageing}, ageing, (),
		BankDetails("Harbour Trading", "Bank", "DE89370400440532013000"),
	)  # fmt: skip


def many(bench: str, site: str, most: int) -> int:
	"""Read the figures of up to *most* customers and make their PDFs in two processes; return 1 where the goal is missed."""
	import frappe

	with connected(bench, site):
		company = frappe.get_all("Company", pluck="name", order_by="name", limit=1)[0]
		names = frappe.get_all("Customer", pluck="name", order_by="name", limit=most)
	parts = [(bench, site, company, names[start::WORKERS]) for start in range(WORKERS)]
	started = time.perf_counter()
	with ProcessPoolExecutor(WORKERS) as pool:
		found = list(pool.map(part, parts))
	taken = time.perf_counter() - started
	made, lines, used = (sum(column) for column in zip(*found, strict=True))
	goal = GOAL_SECONDS * made / 10_000
	print(
		f"{made} statements with {lines} lines: {taken:.0f} s in {WORKERS} processes, {used:.0f} s processor; "
		f"goal {goal:.0f} s: {'met' if taken <= goal else 'NOT MET'}"
	)
	return int(taken > goal)


def part(given: tuple[str, str, str, list[str]]) -> tuple[int, int, float]:
	"""Make the PDFs of some customers' last year; return how many, with how many lines, and the processor seconds."""
	bench, site, company, names = given
	with connected(bench, site):
		from client_ledger.collections.customer_statement import statement_facts
		from client_ledger.core.statements.parts import Coverage
		from client_ledger.statements import printing
		from client_ledger.statements.figures import figures_of_many

		made = lines = 0
		today = date.today()
		since = today - timedelta(days=90)
		for figures in figures_of_many(
			company, [[name] for name in names], today, since, Coverage.BOTH, facts=statement_facts
		):
			figures.to_json()
			printing.pdf_file(figures)
			made, lines = made + 1, lines + len(figures.lines) + len(figures.open_items)
		return made, lines, processor_seconds()


if __name__ == "__main__":
	raise SystemExit(main())
