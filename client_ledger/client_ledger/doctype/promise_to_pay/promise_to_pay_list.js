// States in their colours.

frappe.listview_settings["Promise to Pay"] = {
	add_fields: ["status"],
	hide_name_column: false,
	get_indicator(doc) {
		const colours = {
			Running: "blue",
			Kept: "green",
			"Partly Kept": "orange",
			Broken: "red",
			"Settled Otherwise": "gray",
			Cancelled: "gray",
		};
		return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
