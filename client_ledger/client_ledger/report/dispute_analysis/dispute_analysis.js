// Filters of Dispute Analysis.

frappe.query_reports["Dispute Analysis"] = {
	filters: [client_ledger.filters.company(), ...client_ledger.filters.period({ days: 90 })],
	formatter: client_ledger.cells.report_formatter(),
};
