// Filters of Client Overview, and the payment status in colour.

frappe.query_reports["Client Overview"] = {
	filters: [
		client_ledger.filters.company({ optional: true }),
		{
			fieldname: "payment_status",
			label: __("Payment Status"),
			fieldtype: "Select",
			options: [
				"",
				{ value: "Paid Up", label: __("Paid Up") },
				{ value: "Open", label: __("Open") },
				{ value: "Overdue", label: __("Overdue") },
				{ value: "Long Overdue", label: __("Long Overdue") },
			],
		},
		{
			fieldname: "volume_segment",
			label: __("Segment"),
			fieldtype: "Select",
			options: ["", "A", "B", "C"],
		},
		{
			fieldname: "behaviour_segment",
			label: __("Payment Behaviour"),
			fieldtype: "Select",
			options: [
				"",
				{ value: "On Time", label: __("On Time") },
				{ value: "Late", label: __("Late") },
				{ value: "Chronically Late", label: __("Chronically Late") },
				{ value: "No History", label: __("No History") },
			],
		},
		{
			fieldname: "account_manager",
			label: __("Account Owner"),
			fieldtype: "Link",
			options: "User",
		},
		...client_ledger.filters.customers(),
		{
			fieldname: "with_balance",
			label: __("Open Items Only"),
			fieldtype: "Check",
		},
	],

	formatter: client_ledger.cells.report_formatter((content, { value, column, data }) => {
		if (column.fieldtype === "Currency" && !value && column.fieldname !== "balance") return "";
		if (column.fieldname !== "payment_status" || !data.status) return content;
		return client_ledger.cells.cell_status("Client Account", data.status, content);
	}),
};
