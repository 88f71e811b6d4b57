frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Clients Billed and Received"] = {
	method: "client_ledger.reporting.dashboard.billed_and_received_chart",
	filters: [client_ledger.filters.company()],
};
