"""What a customer is, for whoever chooses by it: its groups, segments and credit grade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import frappe


@dataclass(frozen=True)
class CustomerTraits:
	"""What policies and schedules are chosen by: groups of customers, and segments and grades of their accounts."""

	groups: Mapping[str, str]
	ancestors: Mapping[str, Sequence[str]]
	accounts: Mapping[tuple[str, str], Mapping]

	@classmethod
	def read(cls, customers: Sequence[str]) -> "CustomerTraits":
		rows = frappe.get_all(
			"Customer", {"name": ("in", customers)}, ["name", "customer_group"], order_by="name"
		)
		groups = {row.name: row.customer_group for row in rows}
		fields = ["customer", "company", "volume_segment", "behaviour_segment"]
		if frappe.get_meta("Client Account").has_field("credit_grade"):
			fields.append("credit_grade")
		accounts = {
			(row.customer, row.company): row
			for row in frappe.get_all(
				"Client Account", {"customer": ("in", customers)}, fields, order_by="name"
			)
		}
		return cls(groups, {group: _with_parents(group) for group in set(groups.values()) if group}, accounts)

	def values(self, customer: str, company: str) -> dict[str, Sequence[str]]:
		"""Return what a customer is, per kind of choice."""
		account = self.accounts.get((customer, company), {})
		segments = (account.get("behaviour_segment"), account.get("volume_segment"))
		grade = account.get("credit_grade")
		return {
			"Customer": (customer,),
			"Credit Grade": (grade,) if grade else (),
			"Segment": tuple(segment for segment in segments if segment),
			"Customer Group": self.ancestors.get(self.groups.get(customer), ()),
		}


def _with_parents(group: str) -> tuple[str, ...]:
	"""Return a customer group and its parents, the most specific first."""
	bounds = frappe.get_cached_value("Customer Group", group, ["lft", "rgt"])
	if not bounds:
		return (group,)
	return tuple(
		frappe.get_all(
			"Customer Group",
			{"lft": ("<=", bounds[0]), "rgt": (">=", bounds[1])},
			pluck="name",
			order_by="lft desc",
		)
	)
