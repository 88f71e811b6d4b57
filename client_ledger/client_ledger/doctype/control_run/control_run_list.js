// Control Run list: how each night went.

frappe.listview_settings["Control Run"] = {
	add_fields: ["status", "silent"],
	hide_name_column: true,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Control Run", status, "status"),
	formatters: {
		control_title: (value) => __(value),
		silent: (value) => (value ? __(value) : ""),
	},
};
