frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Clients Billed and Received"] = {
	method: "client_ledger.reporting.dashboard.billed_and_received_chart",
	filters: [
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			default: frappe.defaults.get_user_default("Company"),
			reqd: 1,
		},
	],
};
