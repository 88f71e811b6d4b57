// Duty Conflict: colours of the list.

frappe.listview_settings["Duty Conflict"] = {
	add_fields: ["status"],
	hide_name_column: true,
	get_indicator: ({ status }) => [
		__(status),
		{ Open: "red", Mitigated: "orange", Closed: "green" }[status],
		`status,=,${status}`,
	],
};
