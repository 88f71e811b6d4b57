// Client Account: figures from the ledger, with ways to the ledger itself.

const { html } = client_ledger;
const { colour_of } = client_ledger.colours;

frappe.ui.form.on("Client Account", {
	onload: label_confidence,
	refresh(frm) {
		add_buttons(frm);
		show_state(frm);
		show_currencies(frm);
	},
});

/** What is stored of the confidence is a key; the form shows its label. */
function label_confidence(frm) {
	const labels = {
		none: __("No History"),
		low: __("Low Confidence"),
		normal: __("Normal Confidence"),
	};
	frm.get_docfield("grade_confidence").formatter = (value) => labels[value] || value || "";
}

function add_buttons(frm) {
	client_ledger.add_button(frm, __("Open Ledger"), () => open_ledger(frm));
	client_ledger.add_button(frm, __("Refresh"), () => refresh_account(frm));
}

function open_ledger(frm) {
	frappe.route_hooks.after_load = (customer) =>
		customer.layout.tabs.find((tab) => tab.df.fieldname === "cl_ledger_tab")?.set_active();
	frappe.set_route("Form", "Customer", frm.doc.customer);
}

async function refresh_account(frm) {
	await client_ledger.ask(
		"client_ledger.client_ledger.doctype.client_account.client_account.refresh",
		{ name: frm.doc.name },
		"POST",
		{ freeze: true }
	);
	frm.reload_doc();
}

function show_state(frm) {
	const status = frm.doc.payment_status;
	frm.page.set_indicator(__(status), colour_of("Client Account", status));
	frm.dashboard.clear_headline();
	if (frm.doc.__onload?.stale) {
		frm.dashboard.set_headline(
			__("New vouchers are being processed; these figures will be updated shortly.")
		);
	} else if (!frm.doc.ties_to_gl) {
		frm.dashboard.set_headline_alert(
			__("This balance does not match the General Ledger. See the vouchers below."),
			"red"
		);
	}
}

function show_currencies(frm) {
	const balances = Object.entries(JSON.parse(frm.doc.balances_by_currency || "{}"));
	const is_plain = balances.every(([currency]) => currency === frm.doc.currency);
	frm.toggle_display("currencies_section", !is_plain);
	const cells = balances.map(
		([currency, amount]) => html`<div class="col-sm-3">
			<div class="text-muted small">${currency}</div>
			<div class="bold">${format_currency(amount, currency)}</div></div>`
	);
	frm.get_field("currencies_html").$wrapper.html(String(html`<div class="row">${cells}</div>`));
}
