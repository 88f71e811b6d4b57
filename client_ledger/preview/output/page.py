"""Writes the HTML page that stands alone: styles, scripts and data are inside, nothing is fetched.

The page holds the summary and the ledgers of many customers in compressed blocks; a block is opened only when
one of its customers is. So ten thousand customers make a page of some megabytes that still opens at once.
"""

import base64
import gzip
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from client_ledger.core.account import Position
from client_ledger.core.ageing import bucket_labels
from client_ledger.core.credit.assessment import UNRATED
from client_ledger.core.credit.scorecard import Scorecard
from client_ledger.core.early_warnings.watch import WatchedCompany
from client_ledger.core.flows import Month
from client_ledger.core.marked import marked
from client_ledger.core.movements import LedgerLine
from client_ledger.core.open_items import OpenItem
from client_ledger.core.status import Behaviour, ItemStatus, PaymentStatus, item_status
from client_ledger.ledger.reader import UnbilledOrder
from client_ledger.preview import i18n
from client_ledger.preview.figures.companies import AccountFigures, CompanyFigures
from client_ledger.preview.figures.dunning import DunnedCompany
from client_ledger.preview.figures.forecast import CashByWeek
from client_ledger.preview.figures.kpis import CompanyKpis
from client_ledger.preview.figures.worklist import Calls
from client_ledger.preview.output import credit, dunning, forecast, kpis, warnings, worklist

_FOLDER = Path(__file__).resolve().parent
TEMPLATES = _FOLDER / "templates"
CHART_LIBRARY = _FOLDER / "static" / "chart.umd.min.js"
SCRIPTS = ("credit.js", "worklist.js", "dunning.js", "kpis.js", "forecast.js", "warnings.js", "report.js")
BLOCK_SIZE = 400_000
DOCTYPES = (marked("Sales Invoice"), marked("Payment Entry"), marked("Journal Entry"), marked("Sales Order"))


class ReportPage:
	"""Collects accounts into blocks and writes the page around them.

	add() every account of a company, then close_company(); write() at the end. Blocks wait compressed.
	"""

	def __init__(self, as_of: date, language: str):
		self.as_of, self.language = as_of, language
		self.blocks: list[str] = []
		self._companies: list[dict] = []
		self._accounts: list[dict] = []
		self._pending: list[str] = []
		self._pending_size = 0

	def add(self, account: AccountFigures) -> None:
		"""Add a customer of the company being read."""
		ledger = json.dumps(_ledger(account, self.as_of), ensure_ascii=False, separators=(",", ":"))
		row = _account(account)
		row["block"], row["place"] = len(self.blocks), len(self._pending)
		self._accounts.append(row)
		self._pending.append(ledger)
		self._pending_size += len(ledger)
		if self._pending_size >= BLOCK_SIZE:
			self._close_block()

	def close_company(
		self,
		company: CompanyFigures,
		calls: Calls,
		dunned: DunnedCompany,
		measured: CompanyKpis,
		cash: Iterable[CashByWeek],
		watched: WatchedCompany,
	) -> None:
		"""Finish a company whose accounts were added."""
		self._close_block()
		names = {row["id"]: row["name"] for row in self._accounts}
		places = {row["id"]: place for place, row in enumerate(self._accounts)}
		found = {
			**_company(company),
			"credit": credit.company(company.credit, self.as_of),
			"calls": worklist.company(calls, company.currency),
			"dunning": dunning.company(dunned, places),
			"kpis": kpis.company(measured),
			"forecasts": [forecast.currency(found, names) for found in cash],
			"warnings": warnings.company(watched, names),
		}
		self._companies.append({**found, "accounts": self._accounts})
		self._accounts = []

	def _close_block(self) -> None:
		if self._pending:
			self.blocks.append(_packed("[" + ",".join(self._pending) + "]"))
			self._pending, self._pending_size = [], 0

	def write(self, path: Path) -> None:
		"""Write the page to *path*."""
		script = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS)
		style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
		template = _environment().get_template("report.html")
		main = json.dumps(self._main(script), ensure_ascii=False, separators=(",", ":"))
		pieces = template.generate(
			language=self.language,
			companies=[company["name"] for company in self._companies],
			as_of=self.as_of.isoformat(),
			style=Markup(style),
			chart_library=Markup(_inline(CHART_LIBRARY.read_text(encoding="utf-8"))),
			script=Markup(_inline(script)),
			main=_packed(main),
			blocks=self.blocks,
			_=_both_languages(self.language),
		)
		with path.open("w", encoding="utf-8") as file:
			file.writelines(pieces)

	def _main(self, script: str) -> dict:
		template = (TEMPLATES / "report.html").read_text(encoding="utf-8")
		words = i18n.messages_in([script, template])
		words += [member.value for kind in (ItemStatus, PaymentStatus, Behaviour) for member in kind]
		words += [
			*DOCTYPES,
			*credit.labels(),
			*dunning.labels(),
			*kpis.labels(),
			*forecast.labels(),
			*warnings.labels(),
		]
		return {
			"as_of": self.as_of.isoformat(),
			"language": self.language,
			"buckets": bucket_labels(),
			"doctypes": DOCTYPES,
			"statuses": [member.value for member in ItemStatus],
			"grades": [*Scorecard().grades, UNRATED],
			"companies": self._companies,
			"messages": {"zh": {word: i18n.translate(word, "zh") for word in dict.fromkeys(words)}},
		}


def _environment() -> Environment:
	return Environment(
		loader=FileSystemLoader(TEMPLATES),
		autoescape=select_autoescape(),
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)


def _both_languages(language: str) -> Any:
	"""Return _() for the template: the text in *language*, in a tag that lets the page switch languages."""

	def text(message: str) -> Markup:
		return Markup('<span data-text="{}">{}</span>').format(message, i18n.translate(message, language))

	return text


def _inline(script: str) -> str:
	"""Return *script* so that it cannot end the tag it stands in."""
	return script.replace("</script", "<\\/script")


def _packed(text: str) -> str:
	"""Return *text* compressed, in characters that need no escaping in HTML; same text, same result."""
	return base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode("ascii")


def _number(value: Decimal | None, digits: int = 2) -> float | None:
	return None if value is None else round(float(value), digits)


def _day(value: date | None) -> str | None:
	return value.isoformat() if value else None


def _company(company: CompanyFigures) -> dict:
	return {
		"name": company.company,
		"currency": company.currency,
		**_position(company.position),
		"currencies": _currencies(company.by_currency),
		"unbilled_orders": _number(company.unbilled.orders),
		"unbilled_deliveries": _number(company.unbilled.deliveries),
		"unbilled": _number(company.unbilled.total),
		"days_to_pay": _number(company.habits.days_to_pay, 1),
		"days_late": _number(company.habits.days_late, 1),
		"settled": company.habits.settled,
		"months": _months(company.months),
		"untied": len(company.untied),
	}


def _account(account: AccountFigures) -> dict:
	master = account.master
	return {
		"id": master.customer,
		"name": master.customer_name,
		"group": master.group,
		"territory": master.territory,
		"sales_person": master.sales_person,
		**_position(account.position),
		"currencies": _currencies(account.by_currency),
		"unbilled": _number(account.unbilled.total),
		"days_late": _number(account.habits.days_late, 1),
		"days_to_pay": _number(account.habits.days_to_pay, 1),
		"sales": _number(account.activity.sales),
		"last_invoice": _day(account.activity.last_invoice),
		"last_payment": _day(account.activity.last_payment),
		"segment": account.segment,
		"behaviour": account.behaviour.value,
		"difference": _number(account.reconciliation.difference),
		**credit.account_row(account.credit),
	}


def _position(found: Position) -> dict:
	return {
		"status": found.status.value,
		"balance": _number(found.balance),
		"receivable": _number(found.receivable),
		"overdue": _number(found.overdue),
		"unallocated": _number(found.unallocated),
		"oldest_days": found.oldest_overdue_days,
		"oldest_due": _day(found.oldest_due_date),
		"open_items": found.open_items,
		"ageing": [_number(found.ageing.not_due), *(_number(amount) for amount in found.ageing.buckets)],
	}


def _currencies(by_currency: dict[str, Position]) -> list[list]:
	"""Per currency: code, balance in it, balance in company currency, overdue in company currency."""
	return [
		[currency, _number(p.currencies[currency]), _number(p.balance), _number(p.overdue)]
		for currency, p in by_currency.items()
	]


def _months(months: Iterable[Month]) -> list[list]:
	return [
		[m.month.isoformat()[:7], _number(m.billed), _number(m.received), _number(m.credited)] for m in months
	]


def _ledger(account: AccountFigures, as_of: date) -> dict:
	return {
		"months": _months(account.months),
		"lines": [_line(line) for line in reversed(account.lines)],
		"items": [
			[*_item(item, as_of), *credit.expectation(expected)]
			for item, expected in zip(account.items, account.credit.expected, strict=True)
		],
		"orders": [_order(order) for order in account.orders],
		"credit": credit.account_detail(account.credit),
		"differences": [
			[d.voucher.name, _number(d.payment_ledger), _number(d.general_ledger)]
			for d in account.differences
		],
	}


def _line(line: LedgerLine) -> list:
	"""The order of these is that of LINE in report.js."""
	movement = line.movement
	return [
		movement.posting_date.isoformat(),
		_doctype(movement.voucher.doctype),
		movement.voucher.name,
		[voucher.name for voucher in movement.against],
		movement.currency,
		_number(movement.debit),
		_number(movement.credit),
		_number(movement.balance),
		_number(movement.base_debit - movement.base_credit),
		_number(movement.base_balance),
		list(ItemStatus).index(line.status),
		_number(line.outstanding),
		_day(line.due_date),
		_day(line.settled_on),
		line.days_late,
	]


def _item(item: OpenItem, as_of: date) -> list:
	"""The order of these is the beginning of ITEM in report.js."""
	status = item_status(item.amount, item.outstanding, item.due_date, as_of)
	return [
		item.due_date.isoformat(),
		_doctype(item.voucher.doctype),
		item.voucher.name,
		item.term,
		item.posting_date.isoformat(),
		item.currency,
		_number(item.amount),
		_number(item.outstanding),
		_number(item.base_outstanding),
		list(ItemStatus).index(status),
		item.days_overdue(as_of),
	]


def _order(order: UnbilledOrder) -> list:
	"""The order of these is that of ORDER in report.js."""
	return [
		order.name,
		order.transaction_date.isoformat(),
		_day(order.delivery_date),
		order.currency,
		_number(order.grand_total),
		_number(order.unbilled),
		_number(order.base_unbilled),
		_number(order.per_billed, 0),
	]


def _doctype(doctype: str) -> int | str:
	return DOCTYPES.index(doctype) if doctype in DOCTYPES else doctype
