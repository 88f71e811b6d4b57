// Credit Limit: what is asked for, beside what stands now, what the grade recommends and what would be left.

frappe.ui.form.on("Credit Limit", {
	setup(frm) {
		// Whoever shares another one's limit has none of its own.
		frm.set_query("customer", () => ({ filters: { cl_credit_parent: ["is", "not set"] } }));
	},

	refresh(frm) {
		if (frm.is_new() && !frm.doc.currency) set_currency(frm);
		listen_to_amount(frm);
		show_change(frm);
	},

	company(frm) {
		set_currency(frm);
		show_change(frm);
	},

	customer(frm) {
		show_change(frm);
	},

	amount(frm) {
		show_change(frm);
	},

	limit_type(frm) {
		if (frm.doc.limit_type === "Permanent") frm.set_value("valid_to", null);
		if (frm.doc.limit_type === "No Credit") frm.set_value("amount", 0);
		show_change(frm);
	},
});

function set_currency(frm) {
	if (!frm.doc.company) return frm.set_value("currency", null);
	frappe.db
		.get_value("Company", frm.doc.company, "default_currency")
		.then(({ message }) => frm.set_value("currency", message?.default_currency));
}

/** What the limit that is typed would change, as it is typed. The server says it: references may cap or raise it. */
async function show_change(frm) {
	const { customer, company, docstatus } = frm.doc;
	const turn = (frm.cl_turn = (frm.cl_turn || 0) + 1);
	if (!customer || !company || docstatus === 2) return frm.dashboard.clear_headline();
	const args = { customer, company };
	if (!docstatus) {
		Object.assign(args, { limit_type: frm.doc.limit_type, amount: typed_amount(frm) });
	}
	const found = await client_ledger.ask("client_ledger.credit.api.limit_request", args, "GET");
	// Meanwhile more may have been typed, or the form may show another request.
	if (turn !== frm.cl_turn || frm.doc.customer !== customer) return;
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline(change_html(found, docstatus));
}

function listen_to_amount(frm) {
	const { $input } = frm.get_field("amount");
	if (!$input) return;
	const show = frappe.utils.debounce(() => show_change(frm), 300);
	$input.off("input.cl_limit").on("input.cl_limit", show);
}

function typed_amount(frm) {
	const { $input } = frm.get_field("amount");
	const is_typing = $input && $input.is(":visible:focus");
	return (is_typing ? flt($input.val()) : frm.doc.amount) || 0;
}

function change_html(
	{ currency, exposure, sharing, before, after, requested, recommended, grade },
	docstatus
) {
	const { html } = client_ledger;
	const money = (amount) =>
		amount === null ? __("Unlimited") : format_currency(amount, currency);
	const cell = (label, amount, note = "", kind = "") => html`<div class="col-6 col-md mb-1">
		<div class="small">${label}</div><b class="${kind}">${amount}</b><div class="small">${note}</div></div>`;
	const left = ({ free }) => [money(free), free !== null && free < 0 ? "text-danger" : ""];
	const cells = [cell(__("Current Limit"), money(before.amount), before.source)];
	if (after) {
		const capped =
			after.amount === requested ? "" : __("In force: {0}", [money(after.amount)]);
		cells.push(
			cell(__("New Limit"), money(requested), capped && `${capped} (${after.source})`)
		);
	}
	if (!docstatus) {
		const by_grade = grade ? __("Credit Grade {0}", [grade]) : __("Not assessed yet");
		cells.push(cell(__("Recommended Limit"), grade ? money(recommended) : "–", by_grade));
	}
	const shared = sharing > 1 ? __("{0} customers share this limit", [sharing]) : "";
	cells.push(cell(__("Exposure"), money(exposure), shared));
	const [now, now_kind] = left(before);
	if (after) {
		const [then, then_kind] = left(after);
		cells.push(cell(__("Available After"), then, __("Now: {0}", [now]), then_kind));
	} else {
		cells.push(cell(__("Available"), now, "", now_kind));
	}
	return String(html`<div class="row cl-limit-change">${cells}</div>`);
}
