// Filters of Procedure Readings.

frappe.query_reports["Procedure Readings"] = {
	filters: [
		client_ledger.filters.link("procedure", __("Procedure"), "Procedure"),
		client_ledger.filters.link("user", __("User"), "User"),
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				...["Read", "To Be Read", "Late"].map((value) => ({ value, label: __(value) })),
			],
		},
	],
	formatter: client_ledger.cells.report_formatter((content, { value, column }) => {
		const translated = ["status", "procedure"];
		return translated.includes(column.fieldname) && value ? __(value) : content;
	}),
};
