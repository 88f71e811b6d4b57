// Client Account list: the payment status as a coloured indicator.

frappe.listview_settings["Client Account"] = {
	add_fields: ["payment_status", "currency", "oldest_overdue_days", "ties_to_gl"],
	hide_name_column: true,
	get_indicator(doc) {
		const colors = {
			"Paid Up": "green",
			Open: "blue",
			Overdue: "orange",
			"Long Overdue": "red",
		};
		return [
			__(doc.payment_status),
			colors[doc.payment_status] || "gray",
			`payment_status,=,${doc.payment_status}`,
		];
	},
};
