// Step Trial: colours of the list.

frappe.listview_settings["Step Trial"] = {
	add_fields: ["status"],
	hide_name_column: true,
	get_indicator: ({ status }) => client_ledger.colours.indicator("Step Trial", status),
};
