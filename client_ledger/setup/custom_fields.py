"""The fields we add to ERPNext's forms: plain data, used by install and uninstall alike.

Anchors (`insert_after`) are fields that the installed ERPNext has: where 15 and 16 differ they are read from the form's
definition. A test compares the resulting order of fields on both versions.
"""

import frappe

# Our tabs of the Customer form stand right before this tab, which both versions have.
TAB_AFTER_OURS = "contact_and_address_tab"

# Whoever may not read accounts may not read ledgers, see site/access.py; the tabs would only say so.
TAB_IS_SEEN = "eval:!doc.__islocal && frappe.model.can_read('Client Account')"

PROPERTY_SETTERS: list[dict] = []


def get_custom_fields() -> dict[str, list[dict]]:
	"""Return our fields per DocType, as frappe's create_custom_fields takes them."""
	return {"Company": company_fields(), "Customer": customer_fields()}


def customer_fields() -> list[dict]:
	"""Return the Ledger, Credit, Dunning and Collections tabs of the Customer form, whose content is drawn when opened,
	and, beside ERPNext's own limits, the customer whose limit this one shares.
	"""
	return [
		{
			"fieldname": "cl_ledger_tab",
			"fieldtype": "Tab Break",
			"label": "Ledger",
			"insert_after": standard_field_before("Customer", TAB_AFTER_OURS),
			"depends_on": TAB_IS_SEEN,
		},
		{
			"fieldname": "cl_ledger_html",
			"fieldtype": "HTML",
			"label": "Customer Ledger",
			"insert_after": "cl_ledger_tab",
		},
		{
			"fieldname": "cl_credit_tab",
			"fieldtype": "Tab Break",
			"label": "Credit Control",
			"insert_after": "cl_ledger_html",
			"depends_on": TAB_IS_SEEN,
		},
		{
			"fieldname": "cl_credit_html",
			"fieldtype": "HTML",
			"label": "Customer Credit",
			"insert_after": "cl_credit_tab",
		},
		{
			"fieldname": "cl_credit_parent",
			"fieldtype": "Link",
			"options": "Customer",
			"label": "Credit Limit Parent",
			"description": "The exposure counts against the credit limit of the parent customer, together with all customers "
			"sharing it.",
			"insert_after": "credit_limits",
			"ignore_user_permissions": 1,
			"no_copy": 1,
		},
		{
			"fieldname": "cl_dunning_tab",
			"fieldtype": "Tab Break",
			"label": "Dunning",
			"insert_after": "cl_credit_html",
			"depends_on": TAB_IS_SEEN,
		},
		{
			"fieldname": "cl_dunning_html",
			"fieldtype": "HTML",
			"label": "Customer Dunning",
			"insert_after": "cl_dunning_tab",
		},
		{
			"fieldname": "cl_collections_tab",
			"fieldtype": "Tab Break",
			"label": "Collections",
			"insert_after": "cl_dunning_html",
			"depends_on": TAB_IS_SEEN,
		},
		{
			"fieldname": "cl_collections_html",
			"fieldtype": "HTML",
			"label": "Customer Collections",
			"insert_after": "cl_collections_tab",
		},
	]


def company_fields() -> list[dict]:
	"""Return the switches of the customer portal (see portal/access.py) and of cash forecasts, and what a company says of comparisons with its customers' ledgers."""
	return [
		{
			"fieldname": "cl_customer_portal",
			"fieldtype": "Check",
			"label": "Customer Portal",
			"description": "Customers see their own account, and act on it, on the page /customer-ledger: portal users who log in, "
			"and whoever holds a link that was sent to them. Off: nothing answers.",
			"insert_after": "default_letter_head",
		},
		{
			"fieldname": "cl_cash_forecast",
			"fieldtype": "Check",
			"label": "Forecast Cash Every Monday",
			"description": "Cash of the next 13 weeks is forecast every Monday, kept, and compared with what came.",
			"default": "1",
			"insert_after": "cl_customer_portal",
		},
		{
			"fieldname": "cl_reconciliation_tolerance",
			"fieldtype": "Currency",
			"options": "default_currency",
			"label": "Tolerance of Balance Comparisons",
			"description": "What two amounts may differ by and still agree where a customer's ledger is compared with ours. "
			"In another currency than the company's they must agree exactly.",
			"insert_after": "default_receivable_account",
			"non_negative": 1,
			"no_copy": 1,
		},
	]


def standard_field_before(doctype: str, fieldname: str) -> str:
	"""Return the field of ERPNext's own that precedes *fieldname*, or *doctype*'s last field where there is no such field."""
	fields = frappe.get_all("DocField", {"parent": doctype}, pluck="fieldname", order_by="idx")
	return fields[fields.index(fieldname) - 1 if fieldname in fields else -1]
