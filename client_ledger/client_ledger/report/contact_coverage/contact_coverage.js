// Filters of Contact Coverage.

frappe.query_reports["Contact Coverage"] = {
	filters: [
		client_ledger.filters.company(),
		{
			fieldname: "days",
			label: __("Contact Limit Period (Days)"),
			fieldtype: "Int",
			reqd: 1,
			default: 30,
		},
	],
	formatter: client_ledger.cells.report_formatter(),
};
