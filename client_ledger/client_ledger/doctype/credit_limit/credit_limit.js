// Credit Limit: what is asked for, beside what stands now and what counts for it.

frappe.ui.form.on("Credit Limit", {
	setup(frm) {
		// Whoever shares another one's limit has none of its own.
		frm.set_query("customer", () => ({ filters: { cl_credit_parent: ["is", "not set"] } }));
	},

	refresh(frm) {
		if (frm.is_new() && !frm.doc.currency) set_currency(frm);
		show_exposure(frm);
	},

	company(frm) {
		set_currency(frm);
		show_exposure(frm);
	},

	customer(frm) {
		show_exposure(frm);
	},

	limit_type(frm) {
		if (frm.doc.limit_type === "Permanent") frm.set_value("valid_to", null);
		if (frm.doc.limit_type === "No Credit") frm.set_value("amount", 0);
	},
});

function set_currency(frm) {
	if (!frm.doc.company) return frm.set_value("currency", null);
	frappe.db
		.get_value("Company", frm.doc.company, "default_currency")
		.then(({ message }) => frm.set_value("currency", message?.default_currency));
}

function show_exposure(frm) {
	frm.dashboard.clear_headline();
	const { customer, company } = frm.doc;
	if (!customer || !company || frm.doc.docstatus === 2) return;
	frappe.call({
		method: "client_ledger.credit.api.customer_exposure",
		type: "GET",
		args: { customer, company },
		callback: ({ message }) => {
			// The answer may come when the form shows another customer.
			if (frm.doc.customer !== customer || frm.doc.company !== company) return;
			frm.dashboard.set_headline(headline(message));
		},
	});
}

function headline(found) {
	const { fill, html, joined } = client_ledger;
	const money = (amount) => html`<b>${format_currency(amount, found.currency)}</b>`;
	const unlimited = html`<b>${__("Unlimited")}</b>`;
	const { limit, exposure, free, members, hidden_members } = found;
	const parts = [
		fill(__("Current limit: {0}"), [limit.amount === null ? unlimited : money(limit.amount)]),
		fill(__("Credit exposure: {0}"), [money(exposure.total)]),
	];
	if (free !== null) parts.push(fill(__("Available: {0}"), [money(free)]));
	const sharing = members.length + hidden_members;
	if (sharing > 1) parts.push(__("{0} customers share this limit", [sharing]));
	return String(joined(parts, " · "));
}
