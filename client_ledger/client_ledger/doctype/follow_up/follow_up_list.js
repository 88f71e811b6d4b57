// States in their colours.

frappe.listview_settings["Follow Up"] = {
	add_fields: ["workflow_state"],
	hide_name_column: false,
	get_indicator(doc) {
		const colours = {
			Open: "red",
			"In Progress": "orange",
			Done: "green",
			Cancelled: "gray",
		};
		return [
			__(doc.workflow_state),
			colours[doc.workflow_state] || "gray",
			`workflow_state,=,${doc.workflow_state}`,
		];
	},
};
