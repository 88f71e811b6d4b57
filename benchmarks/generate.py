"""Fill a site with a large trading history, straight into ERPNext's tables.

	python -m benchmarks.generate --site NAME [--bench ~/frappe-bench] [--size large] [--history 4]

Run it with the bench's python from this checkout. It empties the site's customers, orders, invoices, payments
and ledgers first, so it refuses every site that has any, unless the site was filled by it before.
"""

import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import click

from benchmarks.history import SIZES, History, make
from benchmarks.site import MARK, connected, default_bench
from benchmarks.tables import OPTIONAL, Names, Tables, columns

LEAN = (
	*(
		"Payment Ledger Entry",
		"Sales Invoice",
		"Payment Entry",
		"Payment Entry Reference",
		"Payment Schedule",
	),
	*(
		"Journal Entry",
		"Journal Entry Account",
		"Customer",
		"Party Account",
		"Sales Order",
		"Sales Order Item",
	),
	*("Delivery Note", "Delivery Note Item"),
)
FULL = ("GL Entry", *LEAN, "Sales Invoice Item")
REAL_DATA = ("Customer", "Sales Invoice", "Sales Order", "Payment Entry", "Journal Entry", "GL Entry")
# Characters of one statement.
BATCH = 1 << 20
FOREIGN = {"USD": "EUR"}


@click.command()
@click.option("--site", required=True, help="Site to fill. Everything it has sold is deleted first.")
@click.option("--bench", default=default_bench, show_default="$FRAPPE_BENCH or ~/frappe-bench")
@click.option("--size", type=click.Choice(list(SIZES)), default="large", show_default=True)
@click.option(
	"--history", type=click.IntRange(1, 8), default=1, help="Times as much history, same open items."
)
@click.option("--seed", default=1, show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Last day. [default: today]")
@click.option(
	"--lean", is_flag=True, help="Without general ledger and invoice items, which open items never read."
)
def main(site: str, bench: str, size: str, history: int, seed: int, until: date | None, lean: bool) -> None:
	"""Fill a site with a large trading history, the same for the same seed."""
	started = time.perf_counter()
	with connected(bench, site):
		_refuse_real_data(site)
		last = until.date() if until else date.today()
		made = _make(size, seed, last, history)
		names = _masters(made)
		wanted = LEAN if lean else FULL
		counts = _fill(Tables(made, names), wanted)
		_finish(wanted)
	for doctype, rows in counts.items():
		click.echo(f"{rows:>10,}  {doctype}")
	click.echo(f"until {last}, seed {seed}: {time.perf_counter() - started:.0f} s")


def _refuse_real_data(site: str) -> None:
	"""Stop unless the site is empty or marked as one of ours; mark an empty one."""
	import frappe
	from frappe.installer import update_site_config

	if frappe.conf.get(MARK):
		return
	found = {doctype: n for doctype in REAL_DATA if (n := frappe.db.count(doctype))}
	if found:
		listed = ", ".join(f"{n} {doctype}" for doctype, n in found.items())
		sys.exit(
			f"{site} has data of its own ({listed}), which this would delete. Choose a new site, or mark this one "
			f"as expendable: bench --site {site} set-config {MARK} 1"
		)
	update_site_config(MARK, 1)


def _make(size: str, seed: int, until: date, history: int) -> History:
	with click.progressbar(length=SIZES[size].invoices * history, label="Making invoices") as bar:
		return make(SIZES[size], seed, until, history, bar.update)


def _masters(made: History) -> Names:
	"""Return the masters the rows refer to, through ERPNext's own documents where the site lacks one."""
	import frappe

	company = frappe.get_doc("Company", frappe.defaults.get_global_default("company"))
	foreign = FOREIGN.get(company.default_currency, "USD")
	account = f"Debtors {foreign} - {company.abbr}"
	receivable = frappe.get_doc("Account", company.default_receivable_account)
	_ensure(
		"Account",
		account,
		account_name=f"Debtors {foreign}",
		parent_account=receivable.parent_account,
		company=company.name,
		account_type="Receivable",
		account_currency=foreign,
	)
	_ensure(
		"Item",
		"Bench Service",
		item_code="Bench Service",
		item_group="Services",
		stock_uom="Nos",
		is_stock_item=0,
	)
	for year in range(date.fromordinal(made.vouchers[0].day).year, made.until.year + 1):
		ends = {"year_start_date": f"{year}-01-01", "year_end_date": f"{year}-12-31"}
		_ensure("Fiscal Year", str(year), year=str(year), **ends)
	bank = company.default_bank_account or company.default_cash_account
	frappe.db.commit()  # nosemgrep: the loader below uses connections of its own
	return Names(
		company=company.name,
		currency=company.default_currency,
		foreign_currency=foreign,
		debtors=receivable.name,
		foreign_debtors=account,
		bank=bank,
		income=company.default_income_account,
		write_off=company.write_off_account,
		exchange=company.exchange_gain_loss_account,
		cost_center=company.cost_center,
		item="Bench Service",
		territory=frappe.db.get_value("Territory", {"is_group": 0}),
		customer_group=frappe.db.get_value("Customer Group", {"is_group": 0}),
	)


def _ensure(doctype: str, name: str, **values: object) -> None:
	import frappe

	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **values}).insert()


def _fill(tables: Tables, doctypes: tuple[str, ...]) -> dict[str, int]:
	"""Replace the rows of every table; return how many each has."""
	import frappe

	counts: dict[str, int] = {}
	connection = frappe.db.get_connection()
	with click.progressbar(doctypes, label="Writing tables", item_show_func=lambda d: d) as bar:
		for doctype in bar:
			known = set(frappe.db.get_table_columns(doctype))
			kept = [
				i for i, column in enumerate(columns(doctype)) if column in known or column not in OPTIONAL
			]
			counts[doctype] = _replace_rows(connection, doctype, kept, tables.rows(doctype))
	connection.close()
	return counts


def _replace_rows(connection: object, doctype: str, kept: Sequence[int], rows: Iterator[tuple]) -> int:
	"""Empty the table and insert *rows*, of which the columns *kept*; return how many.

	By statements alone, which every driver sends: LOAD DATA LOCAL is off in Frappe's connections. One statement is under
	way while the next is written.
	"""
	names = columns(doctype)
	head = f"insert into `tab{doctype}` ({', '.join(f'`{names[i]}`' for i in kept)}) values "
	count = 0
	with connection.cursor() as cursor, ThreadPoolExecutor(1) as pool:
		cursor.execute("set session unique_checks = 0, foreign_key_checks = 0")
		cursor.execute(f"truncate table `tab{doctype}`")
		waiting: deque[Future] = deque()
		for number, values in _batches(kept, rows):
			count += number
			waiting.append(pool.submit(cursor.execute, head + values))
			if len(waiting) > 1:
				waiting.popleft().result()
		for sent in waiting:
			sent.result()
	connection.commit()
	return count


def _batches(kept: Sequence[int], rows: Iterator[tuple]) -> Iterator[tuple[int, str]]:
	"""Yield how many rows, and their SQL: "(...),(...)"; about as much as the database takes in one packet."""
	texts, size = [], 0
	for row in rows:
		texts.append(f"({','.join([literal(row[i]) for i in kept])})")
		size += len(texts[-1])
		if size > BATCH:
			yield len(texts), ",".join(texts)
			texts, size = [], 0
	if texts:
		yield len(texts), ",".join(texts)


def literal(value: object) -> str:
	"""Return a value as SQL."""
	if value is None:
		return "null"
	if isinstance(value, int | float):
		return repr(value)
	text = str(value).replace("\\", "\\\\").replace("'", "\\'")
	return f"'{text}'"


def _finish(doctypes: tuple[str, ...]) -> None:
	"""Empty what hangs on the old rows, and let the optimiser see the new ones."""
	import frappe

	others = [d for d in (*FULL, "Client Account") if d not in doctypes]
	for doctype in others:
		if frappe.db.table_exists(doctype):
			frappe.db.truncate(doctype)
	for doctype in doctypes:
		frappe.db.sql_ddl(f"analyze table `tab{doctype}`")
	frappe.clear_cache()


if __name__ == "__main__":
	main()
