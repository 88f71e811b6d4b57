// Filters of Client Overview, and the payment status in colour.

frappe.query_reports["Client Overview"] = {
	filters: [
		{
			fieldname: "company",
			label: __("Company"),
			fieldtype: "Link",
			options: "Company",
			reqd: 1,
			default: frappe.defaults.get_user_default("Company"),
		},
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
		{
			fieldname: "customers",
			label: __("Customers"),
			fieldtype: "MultiSelectList",
			options: "Customer",
			get_data: (text) => frappe.db.get_link_options("Customer", text),
		},
		{
			fieldname: "customer_group",
			label: __("Customer Group"),
			fieldtype: "Link",
			options: "Customer Group",
		},
		{
			fieldname: "territory",
			label: __("Territory"),
			fieldtype: "Link",
			options: "Territory",
		},
		{
			fieldname: "sales_person",
			label: __("Sales Person"),
			fieldtype: "Link",
			options: "Sales Person",
		},
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
