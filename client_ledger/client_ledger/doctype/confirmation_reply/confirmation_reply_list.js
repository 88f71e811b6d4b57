// Confirmation Reply list: which replies count.

frappe.listview_settings["Confirmation Reply"] = {
	get_indicator: ({ state }) =>
		client_ledger.colours.indicator("Confirmation Reply", state, "state"),
};
