// States in their colours.

frappe.listview_settings["Ledger Dispute"] = {
	add_fields: ["status"],
	hide_name_column: false,
	get_indicator(doc) {
		const colours = {
			Open: "red",
			"In Review": "orange",
			Credited: "green",
			Accepted: "green",
			Rejected: "gray",
			"Short Paid": "yellow",
			Cancelled: "gray",
		};
		return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
