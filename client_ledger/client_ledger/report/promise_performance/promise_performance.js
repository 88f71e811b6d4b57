// Filters of Promise Performance.

frappe.query_reports["Promise Performance"] = {
	filters: [client_ledger.filters.company(), ...client_ledger.filters.period({ days: 90 })],
	formatter: client_ledger.cells.report_formatter(),
};
