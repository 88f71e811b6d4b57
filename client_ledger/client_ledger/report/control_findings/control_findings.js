// Filters of Control Findings.

frappe.query_reports["Control Findings"] = {
	filters: [
		{
			fieldname: "view",
			label: __("Show"),
			fieldtype: "Select",
			options: ["Each Finding", "By Control", "By Customer", "By Person"].map((value) => ({
				value,
				label: __(value),
			})),
			default: "Each Finding",
			reqd: 1,
		},
		client_ledger.filters.company({ optional: true }),
		...client_ledger.filters.period({ days: 366, optional: true }),
		client_ledger.filters.link("control", __("Control"), "Ledger Control"),
		client_ledger.filters.link("customer", __("Customer"), "Customer"),
		client_ledger.filters.link("person", __("About"), "User"),
		client_ledger.filters.link("responsible", __("Responsible"), "User"),
		...[
			["status", __("Status"), ["Open", "In Progress", "Accepted", "Resolved", "Gone"]],
			["severity", __("Severity"), ["High", "Medium", "Low"]],
		].map(([fieldname, label, values]) => ({
			fieldname,
			label,
			fieldtype: "Select",
			options: [{ value: "", label: "" }].concat(
				values.map((value) => ({ value, label: __(value) }))
			),
		})),
		client_ledger.filters.check("open_only", __("Open Only")),
	],
	formatter: client_ledger.cells.report_formatter((content, { value, column }) => {
		if (!value) return content;
		if (column.fieldname === "status")
			return client_ledger.cells.cell_status("Control Finding", value);
		if (column.fieldname === "severity")
			return client_ledger.cells.cell_status("Severity", value);
		return content;
	}),
};
