frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Client Ageing"] = {
	method: "client_ledger.reporting.dashboard.ageing_chart",
	filters: [client_ledger.filters.company()],
};
