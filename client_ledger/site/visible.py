"""What the user may list of a DocType, for statements that count and add up: the conditions that Frappe's own lists have.

conditions_of  ->  only_visible(query)  ->  sums of all that the user may see, in one statement
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import frappe
from frappe.model.db_query import DatabaseQuery
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt
from pypika.queries import QueryBuilder, Table
from pypika.terms import Criterion, LiteralValue

from client_ledger.site.access import currencies_of

Where = Callable[[Table], Criterion]
# A text as MariaDB reads it, and what is escaped in it.
_TEXT = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)|'(')", re.DOTALL)
_UNESCAPED = {
	**{r"\0": "\0", r"\b": "\b", r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\Z": "\x1a"},
	# In a pattern these stay two characters.
	**{r"\%": r"\%", r"\_": r"\_"},
	"''": "'",
}


def may_list(doctype: str) -> bool:
	"""Return whether the user may read documents of *doctype* at all."""
	return bool(frappe.has_permission(doctype, "read"))


def conditions_of(doctype: str, user: str | None = None) -> str:
	"""Return SQL for the rows of *doctype* that *user* lists: roles, User Permissions, owners, shares, what apps add.

	Empty means no restriction. Raises frappe.PermissionError where the DocType is closed to the user.
	"""
	query = DatabaseQuery(doctype, user=user)
	matching = query.build_match_conditions()
	# Who reads a document only because it was shared gets that condition beside the others.
	return " and ".join(f"({condition})" for condition in [matching, *query.conditions] if condition)


def only_visible(query: QueryBuilder, doctype: str) -> QueryBuilder:
	"""Return *query* for the rows of *doctype* that the user lists."""
	conditions = without_percent(conditions_of(doctype))
	return query.where(LiteralValue(f"({conditions})")) if conditions else query


def without_percent(conditions: str) -> str:
	"""Return SQL conditions that mean the same and hold no percent sign, whatever names stand in them.

	Frappe runs some of its lists with parameters and some without: in the ones a percent sign is taken for a parameter, and
	two in the others are two.
	"""
	return (
		_TEXT.sub(lambda text: _put_together(text.group()), conditions) if "%" in conditions else conditions
	)


def _put_together(text: str) -> str:
	if "%" not in text:
		return text
	value = _ESCAPED.sub(lambda found: _UNESCAPED.get(found.group(), found.group(1)), text[1:-1])
	return f"_utf8mb4 x'{value.encode().hex()}'"


def sums(
	doctype: str, companies: Iterable[str], amount: str, where: Where, by: Iterable[str] = ()
) -> list[frappe._dict]:
	"""Return how many documents there are and what *amount* (company currency) comes to, per company and fields in *by*."""
	table = frappe.qb.DocType(doctype)
	groups = [table.company, *(table[field] for field in by)]
	query = (
		frappe.qb.from_(table)
		.select(*groups, Count("*").as_("number"), Sum(table[amount]).as_("amount"))
		.where(table.company.isin(list(companies)))
		.where(where(table))
		.groupby(*groups)
	)
	return only_visible(query, doctype).run(as_dict=True)


def summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
	"""Return what rows of `sums` come to: {"total": how many, "amounts": [{currency, amount}]}, no two currencies added."""
	rows = list(rows)
	currencies = currencies_of({row["company"] for row in rows})
	return {
		"total": sum(cint(row["number"]) for row in rows),
		"amounts": by_currency((currencies[row["company"]], flt(row["amount"])) for row in rows),
	}


def by_currency(amounts: Iterable[tuple[str, float]]) -> list[dict[str, Any]]:
	"""Return amounts with their currency added up: [{currency, amount}], by currency."""
	found: dict[str, float] = {}
	for currency, amount in amounts:
		found[currency] = found.get(currency, 0.0) + amount
	return [{"currency": currency, "amount": found[currency]} for currency in sorted(found)]


def by_reason(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
	"""Return rows of a waiting list, each with "total" and "amounts", and what they come to; None where nothing waits."""
	waiting = [row for row in rows if row["total"]]
	if not waiting:
		return None
	return {
		"total": sum(row["total"] for row in waiting),
		"amounts": by_currency((one["currency"], one["amount"]) for row in waiting for one in row["amounts"]),
		"rows": waiting,
	}
