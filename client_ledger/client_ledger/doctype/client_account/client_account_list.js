// Client Account list: the payment status and the dunning level as a coloured indicator.

frappe.listview_settings["Client Account"] = {
	add_fields: [
		"payment_status",
		"currency",
		"oldest_overdue_days",
		"ties_to_gl",
		"credit_grade",
		"credit_score",
		"dunning_level",
	],
	hide_name_column: true,
	formatters: {
		credit_grade(value, _df, doc) {
			if (!value) return "";
			const colors = { A: "green", B: "blue", C: "yellow", D: "orange", E: "red" };
			const label = value === "Unrated" ? __("Unrated") : frappe.utils.escape_html(value);
			const title = doc.credit_score
				? __("{0} of 100 points", [doc.credit_score.toFixed(1)])
				: "";
			return `<span class="indicator-pill no-indicator-dot ${colors[value] || "gray"}"
				title="${title}">${label}</span>`;
		},
	},
	get_indicator(doc) {
		const colors = {
			"Paid Up": "green",
			Open: "blue",
			Overdue: "orange",
			"Long Overdue": "red",
		};
		const level = doc.dunning_level
			? ` · ${__("Dunning level {0}", [doc.dunning_level])}`
			: "";
		return [
			__(doc.payment_status) + level,
			colors[doc.payment_status] || "gray",
			`payment_status,=,${doc.payment_status}`,
		];
	},
};
