// States in their colours.

frappe.listview_settings["Follow Up"] = {
	add_fields: ["workflow_state"],
	hide_name_column: false,
	get_indicator: ({ workflow_state }) =>
		client_ledger.colours.indicator("Follow Up", workflow_state, "workflow_state"),
};
