// Filters of Credit Holds.

frappe.query_reports["Credit Holds"] = {
	filters: [
		client_ledger.filters.company(),
		...client_ledger.filters.period({ days: 90, optional: true }),
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				...["On Hold", "Released", "Cleared", "Rejected", "Submitted", "Withdrawn"].map(
					(value) => ({ value, label: __(value) })
				),
			],
		},
		{
			fieldname: "rule",
			label: __("Rule"),
			fieldtype: "Link",
			options: "Credit Rule",
		},
		{
			fieldname: "customer",
			label: __("Customer"),
			fieldtype: "Link",
			options: "Customer",
		},
	],
	formatter: client_ledger.cells.report_formatter((content, { value, column }) => {
		if (column.fieldname === "status") {
			return client_ledger.cells.cell_status("Credit Hold", value);
		}
		return column.fieldname === "reference_doctype" ? __(value) : content;
	}),
};
