// Credit Scorecard: the measures of its factors and deductions by their labels; what is stored are keys.

const MEASURES = () => ({
	on_time_share: __("Paid on Time"),
	average_days_late: __("Average Days Late"),
	serious_share: __("Seriously Late"),
	oldest_days: __("Oldest Open Item"),
	settled: __("Depth of History"),
	trend: __("Trend"),
	broken_promises: __("Broken Promises"),
	limit_utilisation: __("Limit Utilisation"),
});

frappe.ui.form.on("Credit Scorecard", {
	setup() {
		["Credit Scorecard Factor", "Credit Scorecard Deduction"].forEach(label_measures);
	},
});

function label_measures(doctype) {
	const labels = MEASURES();
	const field = frappe.meta.get_docfield(doctype, "measure");
	const values = field.options.split ? field.options.split("\n") : [];
	if (values.length) {
		field.options = values.map((value) => ({ value, label: labels[value] || value }));
	}
	field.formatter = (value) => labels[value] || value || "";
}
