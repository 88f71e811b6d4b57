// States in their colours.

frappe.listview_settings["Escalation Case"] = {
	add_fields: ["state"],
	hide_name_column: false,
	get_indicator: ({ state }) =>
		client_ledger.colours.indicator("Escalation Case", state, "state"),
};
