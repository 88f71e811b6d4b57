"""What a whitelisted function requires of the user: declared where it stands, and checked before it runs.

	@frappe.whitelist(methods=["POST"])
	@arguments(why=a_text)
	@requires(OneOf(ROLES["decide"]), Listed(LEDGER_NOTICE))
	def reject_notices(names: list[str] | str, why: str) -> int:

docs/permissions.md is made of these declarations; a test sends a request to every function as every role and compares.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import frappe
from frappe import _

from client_ledger.site.access import check_company, check_customer, permitted_companies
from client_ledger.site.doctypes import CLIENT_ACCOUNT
from client_ledger.site.roles import require_one_of

Given = dict[str, Any]


class Requirement(ABC):
	"""One thing that is required. It may narrow the arguments to what is the user's to see."""

	@abstractmethod
	def check(self, given: Given) -> None:
		"""Raise frappe.PermissionError unless the user meets it. given: the arguments, by name."""


@dataclass(frozen=True, slots=True)
class OneOf(Requirement):
	"""One of these roles."""

	roles: tuple[str, ...]

	def check(self, given: Given) -> None:
		require_one_of(self.roles)


@dataclass(frozen=True, slots=True)
class Right(Requirement):
	"""A right on a DocType."""

	doctype: str
	right: str = "read"

	def check(self, given: Given) -> None:
		frappe.has_permission(self.doctype, self.right, throw=True)


@dataclass(frozen=True, slots=True)
class DocumentRight(Requirement):
	"""A right on the document that an argument names, and so on its customer and company."""

	doctype: str
	right: str = "read"
	argument: str = "name"

	def check(self, given: Given) -> None:
		# First the DocType: whoever may see none of its documents does not learn which of them exist.
		frappe.has_permission(self.doctype, self.right, throw=True)
		frappe.get_doc(self.doctype, given[self.argument]).check_permission(self.right)


@dataclass(frozen=True, slots=True)
class CompanyOf(Requirement):
	"""The company of the document that an argument names."""

	doctype: str
	argument: str = "name"

	def check(self, given: Given) -> None:
		check_company(frappe.db.get_value(self.doctype, given[self.argument], "company"))


@dataclass(frozen=True, slots=True)
class CustomerRight(Requirement):
	"""Client accounts, and the customer that an argument names."""

	argument: str = "customer"

	def check(self, given: Given) -> None:
		check_customer(given[self.argument])


@dataclass(frozen=True, slots=True)
class CompanyRight(Requirement):
	"""The company that an argument names, where it names one; else any."""

	argument: str = "company"

	def check(self, given: Given) -> None:
		if company := given.get(self.argument):
			check_company(company)
		else:
			permitted_companies()


@dataclass(frozen=True, slots=True)
class AllCustomers(Requirement):
	"""A DocType whose documents are about all customers of a company, and the company that an argument names."""

	doctype: str
	argument: str = "company"

	def check(self, given: Given) -> None:
		frappe.has_permission(self.doctype, "read", throw=True)
		company = given.get(self.argument) or permitted_companies()[0]
		check_company(company)
		doc = frappe.get_doc({"doctype": self.doctype, "company": company})
		if not frappe.has_permission(self.doctype, "read", doc=doc):
			frappe.throw(
				_(
					"These figures are about all customers of a company, and you may see some customers only. Ask somebody who sees all of them, or open the reports, which show yours."
				),
				frappe.PermissionError,
			)


@dataclass(frozen=True, slots=True)
class Listed(Requirement):
	"""Documents of a DocType. Of those that an argument names, the ones that the user lists are taken; the others stay as they are."""

	doctype: str
	argument: str = "names"

	def check(self, given: Given) -> None:
		frappe.has_permission(self.doctype, "read", throw=True)
		given[self.argument] = frappe.get_list(
			self.doctype,
			{"name": ("in", given[self.argument]), "company": ("in", permitted_companies())},
			pluck="name",
			order_by="name",
			limit_page_length=0,
		)


@dataclass(frozen=True, slots=True)
class ListedCustomers(Requirement):
	"""Client accounts. Of the customers that an argument names, the ones that the user lists are taken."""

	argument: str = "customers"

	def check(self, given: Given) -> None:
		frappe.has_permission(CLIENT_ACCOUNT, "read", throw=True)
		given[self.argument] = frappe.get_list(
			"Customer",
			{"name": ("in", given[self.argument])},
			pluck="name",
			order_by="name",
			limit_page_length=0,
		)


def requires(*requirements: Requirement) -> Callable[[Callable], Callable]:
	"""Check *requirements*, in their order, before a whitelisted function runs. None: whoever is logged in may call it.

	It stands under `arguments`, so that what it goes by has been checked.
	"""

	def decorate(function: Callable) -> Callable:
		@wraps(function)
		def checked(**given: Any) -> Any:
			for requirement in requirements:
				requirement.check(given)
			return function(**given)

		checked.requirements = requirements
		return checked

	return decorate
