// Dunning Run list: how far each run is.

frappe.listview_settings["Dunning Run"] = {
	get_indicator: ({ status }) => client_ledger.colours.indicator("Dunning Run", status),
};
