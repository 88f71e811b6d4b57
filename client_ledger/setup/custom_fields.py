"""The fields we add to ERPNext's forms: plain data, used by install and uninstall alike.

Anchors (`insert_after`) are fields that ERPNext 15 and 16 both have; a test holds them against the real forms.
"""

PROPERTY_SETTERS: list[dict] = []


def get_custom_fields() -> dict[str, list[dict]]:
	"""Return our fields per DocType, as frappe's create_custom_fields takes them."""
	return {"Customer": customer_fields()}


def customer_fields() -> list[dict]:
	"""The Ledger, Credit, Dunning and Collections tabs of the Customer form, right after the dashboard, their content drawn when opened.

	Beside the host's own limits: the customer whose limit this one shares.
	"""
	return [
		{
			"fieldname": "cl_ledger_tab",
			"fieldtype": "Tab Break",
			"label": "Ledger",
			"insert_after": "dashboard_tab",
			"depends_on": "eval:!doc.__islocal",
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
			"depends_on": "eval:!doc.__islocal",
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
			"label": "Shares the Credit Limit Of",
			"description": "Exposure counts for the limit of that customer, together with all others who share it.",
			"insert_after": "credit_limits",
			"ignore_user_permissions": 1,
			"no_copy": 1,
		},
		{
			"fieldname": "cl_dunning_tab",
			"fieldtype": "Tab Break",
			"label": "Dunning",
			"insert_after": "cl_credit_html",
			"depends_on": "eval:!doc.__islocal",
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
			"depends_on": "eval:!doc.__islocal",
		},
		{
			"fieldname": "cl_collections_html",
			"fieldtype": "HTML",
			"label": "Customer Collections",
			"insert_after": "cl_collections_tab",
		},
	]
