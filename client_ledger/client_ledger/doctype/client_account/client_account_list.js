// Client Account list: the payment status and the dunning level as coloured indicators, our saved filters in the user's language.

frappe.listview_settings["Client Account"] = {
	add_fields: [
		"customer",
		"company",
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
		client_ledger.offer_statements(list, (rows) =>
			rows.map(({ customer, company }) => ({ customer, company }))
		);
	},
	formatters: {
		credit_grade(grade, _df, { credit_score: score }) {
			const { html, colours } = client_ledger;
			if (!grade) {
				return String(html`<span class="text-muted">${__("Not assessed yet")}</span>`);
			}
			const colour = colours.colour_of("Credit Grade", grade);
			const title = score ? __("{0} of 100 points", [format_number(score, null, 1)]) : "";
			const label = grade === "Unrated" ? __("Unrated") : grade;
			return String(
				html`<span class="indicator-pill no-indicator-dot ${colour}" title="${title}">${label}</span>`
			);
		},
	},
	get_indicator({ payment_status: status, dunning_level: level }) {
		const [label, ...rest] = client_ledger.colours.indicator(
			"Client Account",
			status,
			"payment_status"
		);
		return [level ? `${label} · ${__("Dunning level {0}", [level])}` : label, ...rest];
	},
};

/** ERPNext 15 shows the names of saved filters as they are stored: show those that came with us in the user's language.
 * ERPNext 16, which has them in a menu of the list, translates them. */
function translate_saved_filters(saved) {
	if (!saved) return;
	const labels = {
		"client-ledger-overdue": __("Overdue"),
		"client-ledger-long-overdue": __("Long Overdue"),
		"client-ledger-large-and-late": __("Large Overdue Customers"),
		"client-ledger-unallocated": __("Unallocated Payments and Credits"),
		"client-ledger-unbilled": __("To Bill"),
		"client-ledger-untied": __("Differs from General Ledger"),
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
