// States in their colours.

frappe.listview_settings["Promise to Pay"] = {
	add_fields: ["state"],
	hide_name_column: false,
	get_indicator: ({ state }) =>
		client_ledger.colours.indicator("Promise to Pay", state, "state"),
};
