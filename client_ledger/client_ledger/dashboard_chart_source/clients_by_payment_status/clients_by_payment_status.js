frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Clients by Payment Status"] = {
	method: "client_ledger.reporting.dashboard.status_chart",
	filters: [client_ledger.filters.company()],
};
