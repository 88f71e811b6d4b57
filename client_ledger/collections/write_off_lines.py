"""What a journal entry has to name so that it clears an open item: ERPNext may keep it under another voucher and account.

	open item  ->  its invoice in the account it was billed to  ->  what journal entries moved off it, in the accounts they moved it to

ERPNext takes an invoice's name on its own account alone, or on the one where Invoice Discounting put it.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import frappe
from erpnext.accounts.doctype.invoice_discounting.invoice_discounting import (
	get_party_account_based_on_invoice_discounting as discounted_account,
)

from client_ledger.core.entries import JOURNAL_ENTRY, SALES_INVOICE, Voucher
from client_ledger.core.money import ZERO, as_money
from client_ledger.core.open_items import OpenItem


class WriteOffLine(NamedTuple):
	"""A part of an open item, as ERPNext keeps it. rate: company currency per unit of the account's currency."""

	account: str
	voucher: Voucher
	amount: Decimal
	rate: Decimal


class _Kept(NamedTuple):
	amount: Decimal
	base_amount: Decimal


class WriteOffBook:
	"""What ERPNext's Payment Ledger keeps open of a customer in a company, account by account."""

	def __init__(self, customer: str, company: str):
		self._kept: dict[Voucher, dict[str, _Kept]] = defaultdict(dict)
		self._movers: dict[Voucher, dict[Voucher, Decimal]] = defaultdict(dict)
		ple = frappe.qb.DocType("Payment Ledger Entry")
		# Not a sum per group: the rows of one customer are few, and both are read from them.
		rows = (
			frappe.qb.from_(ple)
			.select(
				ple.account,
				ple.voucher_type,
				ple.voucher_no,
				ple.against_voucher_type,
				ple.against_voucher_no,
				ple.amount_in_account_currency,
				ple.amount,
			)
			.where(ple.company == company)
			.where(ple.party_type == "Customer")
			.where(ple.party == customer)
			.where(ple.account_type == "Receivable")
			.where(ple.delinked == 0)
			.run()
		)
		for account, doctype, name, against_doctype, against_name, amount, base_amount in rows:
			voucher, against = Voucher(doctype, name), Voucher(against_doctype, against_name)
			amount, base_amount = as_money(amount), as_money(base_amount)
			before = self._kept[against].get(account, _Kept(ZERO, ZERO))
			self._kept[against][account] = _Kept(before.amount + amount, before.base_amount + base_amount)
			if doctype == JOURNAL_ENTRY and voucher != against and amount < 0:
				taken = self._movers[against].get(voucher, ZERO)
				self._movers[against][voucher] = taken - amount

	def lines(self, item: OpenItem, part: Decimal) -> list[WriteOffLine]:
		"""Return the lines that clear *part* of *item* (its currency); less than that where ERPNext keeps less."""
		rate = item.base_outstanding / item.outstanding
		if item.voucher.doctype == SALES_INVOICE and (account := discounted_account(item.voucher.name)):
			return [WriteOffLine(account, item.voucher, part, rate)]
		found, left = [], part
		for account, voucher, most, kept_rate in self._parts(item.voucher, {item.voucher}):
			take = min(left, most)
			if take > 0 and frappe.get_cached_value("Account", account, "account_currency") == item.currency:
				self._take(voucher, account, take)
				found.append(
					WriteOffLine(account, voucher, take, rate if voucher == item.voucher else kept_rate)
				)
				left -= take
		return found

	def _parts(self, voucher: Voucher, seen: set[Voucher]) -> Iterator[tuple[str, Voucher, Decimal, Decimal]]:
		"""Yield where what was open of *voucher* is now: itself, then what moved it and how much of it."""
		for account, kept in self._kept.get(voucher, {}).items():
			if kept.amount > 0:
				yield account, voucher, kept.amount, kept.base_amount / kept.amount
		for mover, taken in self._movers.get(voucher, {}).items():
			if mover in seen:
				continue
			left = taken
			for account, bearer, most, rate in self._parts(mover, seen | {mover}):
				yield account, bearer, min(most, left), rate
				left -= min(most, left)

	def _take(self, voucher: Voucher, account: str, amount: Decimal) -> None:
		kept = self._kept[voucher][account]
		base_amount = kept.base_amount * (kept.amount - amount) / kept.amount
		self._kept[voucher][account] = _Kept(kept.amount - amount, base_amount)
