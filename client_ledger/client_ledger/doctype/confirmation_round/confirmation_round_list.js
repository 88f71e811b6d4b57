// Confirmation Round list: how far each round is.

frappe.listview_settings["Confirmation Round"] = {
	get_indicator: ({ status }) => client_ledger.colours.indicator("Confirmation Round", status),
};
