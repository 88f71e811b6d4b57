// KPI Month End: the KPIs of the month as they were stored, what the ledger says by now, and why it changed.

const { ask, html } = client_ledger;
const { table } = client_ledger.pieces;
const MONTH_END = "KPI Month End";
const NUMBER = "cl-number";

frappe.ui.form.on(MONTH_END, {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		const { status } = frm.doc;
		frm.page.set_indicator(
			__(status, null, MONTH_END),
			client_ledger.colours.colour_of(MONTH_END, status)
		);
		frm.set_intro("");
		frm.set_intro(`${shown(frm).part}, ${shown(frm).month}`);
		if (shown(frm).grouped_as_of) frm.set_intro(grouped_text(shown(frm).grouped_as_of));
		add_buttons(frm);
		frappe.require("customer_ledger.bundle.css", () => draw(frm));
	},
});

const shown = (frm) =>
	frm.doc.__onload?.shown || { kpis: [], values: [], vouchers: [], part: "", may: {} };

const grouped_text = (day) =>
	__(
		"Customers count where they belonged on {0}; what they were at the month's end is not on record.",
		[frappe.datetime.str_to_user(day)]
	);

function add_buttons(frm) {
	const { may } = shown(frm);
	client_ledger.add_button(frm, __("Open KPIs"), () => {
		frappe.route_options = { company: frm.doc.company };
		frappe.set_route("receivables-kpis");
	});
	if (may.compare) client_ledger.add_button(frm, __("Compare Now"), () => compare(frm));
	if (may.review)
		client_ledger
			.add_button(frm, __("Review"), () =>
				client_ledger.review_month_end(frm.doc.name, () => frm.reload_doc())
			)
			.addClass("btn-primary");
}

async function compare(frm) {
	await ask("client_ledger.kpis.api.compare_now", { name: frm.doc.name });
	frappe.show_alert(__("The month end is being compared in the background. Reload in a while."));
}

function draw(frm) {
	const { kpis, values, vouchers } = shown(frm);
	const lines = kpis.map((kpi) => [
		kpi.label,
		kpi.value === null ? kpi.missing : value_text(kpi, frm.doc.currency),
		kpi.formula,
	]);
	const heads = [[__("KPI of the Month")], [__("Value"), NUMBER], [__("Formula")]];
	fill(frm, "figures_html", table(heads, lines));
	const both = [
		[__("Stored"), NUMBER],
		[__("Now"), NUMBER],
	];
	const number = (value) => (value === null ? "–" : format_number(value, null, 2));
	const changed = values.map(([label, stored, now]) => [label, number(stored), number(now)]);
	const named = vouchers.map(([input, voucher, stored, now]) => [
		client_ledger.format.document_link(voucher),
		input,
		number(stored),
		number(now),
	]);
	fill(
		frm,
		"changes_html",
		html`${table([[__("KPI of the Month")], ...both], changed)}
		${table([[__("Document")], [__("Input")], ...both], named)}`
	);
}

function value_text({ value, unit, is_amount }, currency) {
	if (is_amount) return format_currency(value, currency);
	return `${format_number(value, null, 2)} ${unit}`;
}

function fill(frm, field, content) {
	frm.get_field(field).$wrapper.html(String(html`<div class="cl-ledger">${content}</div>`));
}
