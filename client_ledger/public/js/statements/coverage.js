// What a statement covers: the fields of the dialogs that ask for one.

export function coverage_fields() {
	const labels = { Activity: __("Activity"), "Open Items": __("Open Items"), Both: __("Both") };
	return [
		{ fieldname: "coverage_section", fieldtype: "Section Break" },
		{
			fieldname: "coverage",
			fieldtype: "Select",
			label: __("Content"),
			options: Object.entries(labels).map(([value, label]) => ({ value, label })),
			default: "Open Items",
			reqd: 1,
		},
		{ fieldname: "column_break", fieldtype: "Column Break" },
		{
			fieldname: "from_date",
			fieldtype: "Date",
			label: __("From Date"),
			depends_on: "eval:doc.coverage!=='Open Items'",
			description: __("Leave blank for the whole ledger."),
		},
		{
			fieldname: "as_of",
			fieldtype: "Date",
			label: __("As Of"),
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{ fieldname: "section_break", fieldtype: "Section Break" },
	];
}
