// Filters of Warning Outcomes.

frappe.query_reports["Warning Outcomes"] = {
	filters: [
		client_ledger.filters.company(),
		...client_ledger.filters.period({ months: 12 }),
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: ["Signal", "Action", "Severity", "Responsible"].map((value) => ({
				value,
				label: __(value),
			})),
			default: "Signal",
		},
	],
	formatter: client_ledger.cells.report_formatter(),
};
