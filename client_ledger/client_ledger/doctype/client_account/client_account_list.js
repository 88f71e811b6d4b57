// Client Account list: the payment status and the dunning level as coloured indicators, our saved filters in the user's language.

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
	onload(list) {
		translate_saved_filters(list.list_sidebar?.list_filter);
	},
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

/** The host shows the names of saved filters as they are stored: show those that came with us in the user's language. */
function translate_saved_filters(saved) {
	if (!saved) return;
	const labels = {
		"client-ledger-overdue": __("Overdue"),
		"client-ledger-long-overdue": __("Long Overdue"),
		"client-ledger-large-and-late": __("Large Customers Overdue"),
		"client-ledger-unallocated": __("Credit to Allocate"),
		"client-ledger-unbilled": __("To Bill"),
		"client-ledger-untied": __("Not Tied to General Ledger"),
	};
	const template = saved.filter_template.bind(saved);
	saved.filter_template = (filter) =>
		template({ ...filter, filter_name: labels[filter.name] || filter.filter_name });
	// Those that were drawn before.
	saved.wrapper.find(".filter-pill").each((_i, pill) => {
		const label = labels[pill.dataset.name];
		if (label) pill.querySelector(".filter-name").textContent = label;
	});
}
