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
			label: __("Sales Class"),
			fieldtype: "Select",
			options: ["", "A", "B", "C"],
		},
		{
			fieldname: "behaviour_segment",
			label: __("Pays"),
			fieldtype: "Select",
			options: [
				"",
				{ value: "On Time", label: __("On Time") },
				{ value: "Late", label: __("Late") },
				{ value: "Long in Arrears", label: __("Long in Arrears") },
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
			label: __("With Open Items Only"),
			fieldtype: "Check",
		},
	],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldtype === "Currency" && !value && column.fieldname !== "balance") return "";
		const formatted = default_formatter(value, row, column, data);
		if (column.fieldname !== "payment_status" || !data?.status) return formatted;
		const colors = {
			"Paid Up": "green",
			Open: "blue",
			Overdue: "orange",
			"Long Overdue": "red",
		};
		return `<span class="indicator-pill no-indicator-dot ${
			colors[data.status]
		}">${formatted}</span>`;
	},
};
