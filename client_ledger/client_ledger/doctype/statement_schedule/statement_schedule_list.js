// Statement Schedule list: its mode as a coloured indicator.

frappe.listview_settings["Statement Schedule"] = {
	add_fields: ["mode"],
	hide_name_column: true,
	get_indicator: ({ mode }) =>
		client_ledger.colours.indicator("Statement Schedule", mode, "mode"),
};
