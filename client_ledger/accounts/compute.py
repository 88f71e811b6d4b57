"""Reading accounts: whole sets of customers at once, through the ledger, into figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe

from client_ledger.accounts.columns import (
	Balances,
	Figures,
	balance_figures,
	behaviour_segment,
	credit_figures,
	difference_text,
	history_figures,
	no_position,
)
from client_ledger.collections import amounts_due
from client_ledger.core.account import AccountKey, positions
from client_ledger.core.credit.exposure import Exposure
from client_ledger.core.credit.limits import UNLIMITED
from client_ledger.core.money import ZERO
from client_ledger.credit.check.holds import holds_by_account
from client_ledger.credit.limits.credit_groups import parents
from client_ledger.credit.limits.effective import effective_limits
from client_ledger.credit.limits.exposure import exposures_of, shared_exposures
from client_ledger.ledger.reader import Activity, GLReconciliation, Ledger, Scope, TradeRow, Unbilled
from client_ledger.ledger.site import companies, site_ledger
from client_ledger.site.settings import AccountSettings, get_settings

# Beyond so many customers, all of them are read at once.
MOST_NAMED = 2000


@dataclass(slots=True)
class FigureSource:
	"""Where figures come from: the site's ledger, the day they are for, and the settings they are calculated with."""

	ledger: Ledger
	companies: tuple[str, ...]
	today: date
	settings: AccountSettings

	@classmethod
	def of_site(cls, today: date) -> "FigureSource":
		"""Return the source of the current site, for its own companies and settings."""
		return cls(site_ledger(), companies(), today, get_settings())

	def scope(self, customers: Iterable[str] | None = None) -> Scope:
		"""Return the scope of *customers* (None: all) with all companies."""
		return Scope(self.companies, None if customers is None else tuple(customers))


def read_balances(source: FigureSource, customers: Iterable[str] | None = None) -> dict[AccountKey, Figures]:
	"""Return today's balance figures of every account that has entries, orders or deliveries.

	customers: None reads all of them, in a handful of statements.
	"""
	scope = source.scope(customers)
	settings = source.settings
	reconciliations = source.ledger.reconcile(scope, source.today)
	unbilled = source.ledger.unbilled(scope)
	items = source.ledger.open_items(scope, source.today)
	at = positions(items, source.today, settings.ranges, "due", settings.long_overdue_after)
	nothing = no_position(settings)
	collectable = amounts_due.collectable(items, source.today)
	return {
		key: balance_figures(
			Balances(
				at.get(key, nothing),
				unbilled.get(key, Unbilled()),
				reconciliations.get(key, GLReconciliation(ZERO, ZERO)),
				collectable.get((key.customer, key.company), ZERO),
			)
		)
		for key in {**reconciliations, **unbilled, **at}
	}


def read_history(source: FigureSource, customers: list[str]) -> dict[AccountKey, Figures]:
	"""Return the history figures of *customers*, from the invoices that the period they look back on moved."""
	scope, settings = source.scope(customers), source.settings
	paid: dict[AccountKey, list[TradeRow]] = {}
	for row in source.ledger.trade_rows(scope, source.today, settings.history_since(source.today)):
		company = source.ledger.accounts[row.account].company
		paid.setdefault(AccountKey(row.customer, company), []).append(row)
	active = source.ledger.activity(scope, settings.sales_since(source.today), source.today)
	return {
		key: history_figures(active.get(key, Activity()), paid.get(key, ()), source.today, source.settings)
		for key in {**active, **paid}
	}


def read_credit(source: FigureSource, keys: Iterable[AccountKey]) -> dict[AccountKey, Figures]:
	"""Return the credit figures of the accounts of *keys*: the limit in force, and what counts for it.

	Those who share a limit show the holder's, with what all of them owe together.
	"""
	keys = list(keys)
	shares = parents()
	wanted = {key.customer for key in keys}
	named = {shares.get(customer, customer) for customer in wanted}
	members = wanted | named | {customer for customer, holder in shares.items() if holder in named}
	own = exposures_of(
		source.companies, None if len(members) > MOST_NAMED else sorted(members), source.ledger
	)
	shared = shared_exposures(own, shares)
	limits = effective_limits(source.companies, sorted(named), source.today)
	on_hold = holds_by_account(wanted if len(wanted) <= MOST_NAMED else None)
	return {
		key: credit_figures(
			shared.get(key, Exposure()),
			limits[AccountKey(shares.get(key.customer, key.customer), key.company)],
			on_hold.get(key, 0),
		)
		for key in keys
	}


def read_masters(customers: Iterable[str] | None = None) -> dict[str, Figures]:
	"""Return what accounts repeat from their Customer, for those that exist."""
	rows = frappe.get_all(
		"Customer",
		filters={} if customers is None else {"name": ("in", list(customers))},
		fields=["name", "customer_name", "customer_group", "territory", "account_manager"],
		order_by="name",
	)
	return {
		row.name: {
			"customer_name": row.customer_name,
			"customer_group": row.customer_group,
			"territory": row.territory,
			"customer_account_manager": row.account_manager,
		}
		for row in rows
	}


def read_accounts(source: FigureSource, customers: list[str]) -> dict[AccountKey, Figures]:
	"""Return all figures of the accounts of *customers*, those that no longer exist left out."""
	masters = read_masters(customers)
	balances = read_balances(source, list(masters))
	history = read_history(source, list(masters))
	found: dict[AccountKey, Figures] = {}
	for key in {**balances, **history}:
		row = {
			**empty_figures(source),
			**balances.get(key, {}),
			**history.get(key, {}),
			**masters[key.customer],
			"currency": frappe.get_cached_value("Company", key.company, "default_currency"),
		}
		row["behaviour_segment"] = behaviour_segment(row, source.settings)
		row["gl_difference_vouchers"] = read_differences(source, key, row)
		found[key] = row
	for key, figures in read_credit(source, found).items():
		found[key].update(figures)
	return found


def empty_figures(source: FigureSource) -> Figures:
	"""Return the figures of an account in which nothing ever happened."""
	return {
		**balance_figures(Balances(no_position(source.settings), Unbilled(), GLReconciliation(ZERO, ZERO))),
		**history_figures(Activity(), (), source.today, source.settings),
		**credit_figures(Exposure(), UNLIMITED, 0),
	}


def read_differences(source: FigureSource, key: AccountKey, row: Mapping[str, Any]) -> str:
	"""Return the vouchers that keep an account from tying to the general ledger, as text."""
	if row["ties_to_gl"]:
		return ""
	return difference_text(source.ledger.differences(key.customer, [key.company], source.today))
