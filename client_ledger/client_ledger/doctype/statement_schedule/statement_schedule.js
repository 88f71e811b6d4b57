// Statement Schedule: who would get a statement for the last period, and the run that sends it.

const { ask, html } = client_ledger;
const { money } = client_ledger.format;
const { table } = client_ledger.pieces;

frappe.ui.form.on("Statement Schedule", {
	setup(frm) {
		frm.set_query("print_format", () => ({ filters: { doc_type: "Customer Statement" } }));
		frm.set_query("holiday_list", () => ({}));
	},
	refresh(frm) {
		const { mode } = frm.doc;
		frm.page.set_indicator(
			__(mode),
			client_ledger.colours.colour_of("Statement Schedule", mode)
		);
		if (frm.is_new()) return;
		client_ledger.add_button(frm, __("Preview"), () => preview(frm));
		if (frappe.model.can_write("Statement Schedule")) {
			client_ledger.add_button(frm, __("Plan Last Period"), () => start(frm));
		}
		client_ledger.add_button(frm, __("Statement Runs"), () =>
			frappe.set_route("List", "Statement Run", { schedule: frm.doc.name })
		);
	},
});

async function preview(frm) {
	const found = await ask(
		"client_ledger.statement_runs.api.schedule_preview",
		{ schedule: frm.doc.name },
		"GET",
		{ freeze: true }
	);
	const { str_to_user } = frappe.datetime;
	const period = `${str_to_user(found.from_date)} – ${str_to_user(found.as_of)}`;
	const notes = [
		__("{0} statements", [found.count]),
		found.zero && __("{0} with a zero balance are left out", [found.zero]),
		found.under_minimum &&
			__("{0} under the minimum balance are left out", [found.under_minimum]),
	].filter(Boolean);
	const dialog = new frappe.ui.Dialog({ title: __("Preview"), size: "large" });
	const rows = found.rows.map(({ customer, currency, balance }) => [
		customer,
		currency,
		money(balance, currency),
	]);
	const heads = [[__("Customer")], [__("Currency")], [__("Closing Balance"), "text-right"]];
	dialog.$body.html(
		String(html`<div class="cl-ledger"><p><b>${period}</b> · ${notes.join(" · ")}</p>
			${table(heads, rows, __("No customer would get a statement."))}</div>`)
	);
	await frappe.require("customer_ledger.bundle.css");
	dialog.show();
}

async function start(frm) {
	const run = await ask(
		"client_ledger.statement_runs.api.start_run",
		{ schedule: frm.doc.name },
		"POST",
		{ freeze: true }
	);
	frappe.set_route("Form", "Statement Run", run);
}
