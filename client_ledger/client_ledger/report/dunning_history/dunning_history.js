// Dunning History: what was sent, at which level, and what of it came in within so many days.

frappe.query_reports["Dunning History"] = {
	filters: [
		client_ledger.filters.company(),
		...client_ledger.filters.period({ months: 3 }),
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: [
				{ value: "", label: __("Message") },
				{ value: "policy", label: __("Dunning Policy") },
				{ value: "step", label: __("Policy and Step") },
				{ value: "level", label: __("Level") },
				{ value: "customer", label: __("Customer") },
			],
		},
		{
			fieldname: "days",
			label: __("Recovery Window (Days)"),
			fieldtype: "Int",
			default: 14,
		},
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "policy",
			label: __("Dunning Policy"),
			fieldtype: "Link",
			options: "Dunning Policy",
		},
	],
	formatter: client_ledger.cells.report_formatter((content, { column, data }) => {
		if (column.fieldname !== "status" || !data.status) return content;
		return client_ledger.cells.cell_status("Ledger Notice", data.raw_status, data.status);
	}),
};
