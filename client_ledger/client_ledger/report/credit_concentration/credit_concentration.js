// Filters of Credit Concentration.

frappe.query_reports["Credit Concentration"] = {
	filters: [
		client_ledger.filters.company(),
		{
			fieldname: "basis",
			label: __("Basis"),
			fieldtype: "Select",
			options: [
				{ value: "Exposure", label: __("Exposure") },
				{ value: "Open Items", label: __("Open Items") },
				{ value: "Sales (12 Months)", label: __("Sales (12 Months)") },
			],
			default: "Exposure",
		},
		{
			fieldname: "shown",
			label: __("Number of Customers"),
			fieldtype: "Int",
			default: 20,
		},
		...client_ledger.filters.customers(),
		{
			fieldname: "together",
			label: __("Group by Credit Limit"),
			fieldtype: "Check",
			default: 1,
		},
	],

	formatter: client_ledger.cells.report_formatter((content, { value, column, data }) => {
		const { bold } = client_ledger.cells;
		if (data.other && column.fieldname === "customer") return data.bold ? bold(value) : value;
		if (data.other && column.fieldname === "rank") return "";
		if (column.fieldtype === "Percent" && typeof value !== "number") return "";
		return data.bold ? bold(content) : content;
	}),
};
