// Statement Run list: how far each run is.

frappe.listview_settings["Statement Run"] = {
	get_indicator: ({ status }) => client_ledger.colours.indicator("Statement Run", status),
};
