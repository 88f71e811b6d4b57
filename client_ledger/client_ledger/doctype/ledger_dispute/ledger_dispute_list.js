// States in their colours.

frappe.listview_settings["Ledger Dispute"] = {
	add_fields: ["state"],
	hide_name_column: false,
	get_indicator: ({ state }) =>
		client_ledger.colours.indicator("Ledger Dispute", state, "state"),
};
