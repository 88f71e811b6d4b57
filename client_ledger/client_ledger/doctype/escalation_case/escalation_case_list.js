// States in their colours.

frappe.listview_settings["Escalation Case"] = {
	add_fields: ["status"],
	hide_name_column: false,
	get_indicator(doc) {
		const colours = {
			Preparing: "orange",
			"Handed Over": "red",
			Recovered: "green",
			"Written Off": "gray",
			Cancelled: "gray",
		};
		return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
