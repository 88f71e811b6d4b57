// Filters of Duty Conflicts.

frappe.query_reports["Duty Conflicts"] = {
	filters: [
		{
			fieldname: "view",
			label: __("Show"),
			fieldtype: "Select",
			options: ["Who Could Do Both", "Who Did Both"].map((value) => ({
				value,
				label: __(value),
			})),
			default: "Who Could Do Both",
			reqd: 1,
		},
		...client_ledger.filters.period({ days: 90, optional: true }).map((filter) => ({
			...filter,
			depends_on: "eval:doc.view === 'Who Did Both'",
		})),
		client_ledger.filters.link("duty_rule", __("Rule"), "Duty Rule"),
		client_ledger.filters.link("user", __("User"), "User"),
		client_ledger.filters.check("not_mitigated", __("Not Mitigated Only")),
	],
	formatter: client_ledger.cells.report_formatter((content, { value, column }) => {
		const translated = ["subject_type", "first_type", "second_type", "duty_rule"];
		return translated.includes(column.fieldname) && value ? __(value) : content;
	}),
};
