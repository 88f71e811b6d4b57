// States in their colours.

frappe.listview_settings["Escalation Case"] = {
	add_fields: ["status"],
	hide_name_column: false,
	get_indicator: ({ status }) =>
		client_ledger.colours.indicator("Escalation Case", status, "status"),
};
