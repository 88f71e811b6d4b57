// States in their colours.

frappe.listview_settings["Escalation Case"] = {
	add_fields: ["state"],
	hide_name_column: false,
	get_indicator(doc) {
		const colours = {
			Preparing: "orange",
			"Handed Over": "red",
			Recovered: "green",
			"Written Off": "gray",
			Cancelled: "gray",
		};
		return [__(doc.state), colours[doc.state] || "gray", `state,=,${doc.state}`];
	},
};
