// Filters of Grade Validation.

frappe.query_reports["Grade Validation"] = {
	filters: [client_ledger.filters.company()],
	formatter: client_ledger.cells.report_formatter(),
};
