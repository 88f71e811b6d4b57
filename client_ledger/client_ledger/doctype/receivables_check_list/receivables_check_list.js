// Receivables Check List: each check with what is behind its figure, why an exception is as it is, and who signs the list.

const { ask, html } = client_ledger;
const { small_button, table } = client_ledger.pieces;
const { day, document_link, form_link, money, status_pill } = client_ledger.format;
const LIST = "Receivables Check List";
const NUMBER = "cl-number";

frappe.ui.form.on(LIST, {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		// The rows are for print and reports; here the table above says more.
		frm.set_df_property("rows_section", "hidden", 1);
		const { status } = frm.doc;
		frm.page.set_indicator(
			__(status, null, LIST),
			client_ledger.colours.colour_of(LIST, status)
		);
		add_buttons(frm);
		frappe.require("customer_ledger.bundle.css", () => {
			frm.cl_changes = shown(frm).changes;
			draw(frm);
			compare(frm);
		});
	},
});

const shown = (frm) =>
	frm.doc.__onload?.shown || { checks: [], history: [], changes: [], may: {} };

// --- what can be done ---

function add_buttons(frm) {
	const { may } = shown(frm);
	if (may.read)
		client_ledger.add_button(frm, __("Read Figures Again"), () =>
			act(frm, "client_ledger.period_checks.api.read_figures")
		);
	if (may.prepare) {
		client_ledger
			.add_button(frm, __("Prepare"), () => confirm_prepare(frm))
			.addClass("btn-primary");
	}
	if (may.approve) {
		client_ledger
			.add_button(frm, __("Approve"), () => confirm_approve(frm))
			.addClass("btn-primary");
	}
	if (may.reopen) client_ledger.add_button(frm, __("Reopen"), () => reopen(frm));
}

const send = (frm, method, args = {}) =>
	ask(method, { name: frm.doc.name, ...args }, "POST", { freeze: true });

async function act(frm, method) {
	const answer = await send(frm, method);
	if (answer?.queued) frappe.show_alert(__("The figures are being read in the background."));
	await frm.reload_doc();
}

function confirm_prepare(frm) {
	frappe.confirm(
		__(
			"Everything was looked at, and every exception is explained. Another user then approves the list."
		),
		() => act(frm, "client_ledger.period_checks.api.prepare_list")
	);
}

function confirm_approve(frm) {
	const { exceptions, prepared_by } = frm.doc;
	frappe.confirm(
		__("Prepared by {0}, with {1} explained exceptions. Approving locks the list.", [
			frappe.utils.escape_html(prepared_by),
			exceptions,
		]),
		() => act(frm, "client_ledger.period_checks.api.approve_list")
	);
}

function reopen(frm) {
	client_ledger.prompt({
		title: __("Reopen"),
		label: __("Reopen"),
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		send: (values) => send(frm, "client_ledger.period_checks.api.reopen_list", values),
		done: () => frm.reload_doc(),
	});
}

function explain(frm, { check, explanation }) {
	client_ledger.prompt({
		title: __(check),
		fields: {
			fieldname: "explanation",
			fieldtype: "Small Text",
			label: __("Explanation"),
			default: explanation,
			description: __("Why it is as it is, and what is done about it."),
		},
		send: (values) =>
			send(frm, "client_ledger.period_checks.api.explain_check", {
				check,
				explanation: values.explanation || "",
			}),
		done: () => frm.reload_doc(),
	});
}

// --- what has changed since it was signed ---

async function compare(frm) {
	if (!["Prepared", "Approved"].includes(frm.doc.status)) return;
	const { name } = frm.doc;
	const found = await ask("client_ledger.period_checks.api.changed_figures", { name }, "GET");
	if (frm.doc.name !== name) return;
	frm.cl_changes = found;
	draw(frm);
}

function changes_html(frm) {
	const changes = frm.cl_changes || [];
	if (!changes.length) return "";
	const currency = currency_of(frm);
	const lines = changes.map(
		({ check, was, was_amount, now, now_amount }) =>
			html`<li>${__(check)}: ${was} (${money(was_amount, currency)}) → ${now} (${money(
				now_amount,
				currency
			)})</li>`
	);
	return html`<div class="cl-check-changes" role="alert">
		<strong>${__("Figures have changed since the list was prepared")}</strong><ul>${lines}</ul>
		<p class="cl-muted">${__(
			"Reopen it, read the figures again and have it prepared and approved anew."
		)}</p>
	</div>`;
}

// --- the checks ---

const currency_of = (frm) => frappe.get_doc(":Company", frm.doc.company)?.default_currency;

function draw(frm) {
	const { checks, history, late } = shown(frm);
	const unexplained = checks.filter(({ state }) => state === "Exception").length;
	const said = [
		late ? __("To be approved by {0}: late", [day(frm.doc.due_date)]) : "",
		unexplained ? __("{0} exceptions have no explanation yet", [unexplained]) : "",
		shown(frm).may.maker && frm.doc.status === "Prepared"
			? __("You have prepared or explained this list, so another user approves it")
			: "",
	].filter(Boolean);
	const heads = [
		[__("Check")],
		[__("State")],
		[__("Found"), NUMBER],
		[__("Amount"), NUMBER],
		[__("Explanation")],
		[""],
	];
	const lines = checks.map((one, i) => [
		html`${__(one.check)}${note_of(frm, one.check)}`,
		status_pill("Receivables Check", one.state),
		one.found || "–",
		amounts_html(one),
		explanation_html(one),
		buttons_html(frm, one, i),
	]);
	fill(
		frm,
		"checks_html",
		html`${changes_html(frm)}${said.length ? html`<p>${said.join(" · ")}</p>` : ""}
		${table(heads, lines, "", "cl-checks")}<div class="cl-check-details"></div>`
	);
	fill(frm, "history_html", history_html(history));
	frm.get_field("checks_html")
		.$wrapper.off("click")
		.on("click", "[data-action]", ({ currentTarget: { dataset } }) => {
			const one = checks[dataset.check];
			if (dataset.action === "explain") explain(frm, one);
			if (dataset.action === "details") show_details(frm, one);
			if (dataset.action === "open") open_list(frm, one.check);
		});
}

function note_of(frm, check) {
	const notes = {
		"Client Accounts Agree with the Ledger": __("as of the day the figures were read"),
		"Long-Running Disputes": __("open for {0} days or more", [shown(frm).dispute_days]),
	};
	return notes[check] ? html`<div class="cl-muted">${notes[check]}</div>` : "";
}

function amounts_html({ amounts, compared }) {
	const sums = amounts.map(
		({ amount, currency }) => html`<div>${money(amount, currency)}</div>`
	);
	return sums.length || !compared.length
		? sums
		: html`<span class="cl-muted">${__("Accounts: {0}", [compared.length])}</span>`;
}

function explanation_html({ explanation, explained_by, state }) {
	if (!explanation) return "";
	const who = explained_by ? html`<div class="cl-muted">${explained_by}</div>` : "";
	const old =
		state === "Exception"
			? html`<div class="cl-late">${__("Explained for another figure")}</div>`
			: "";
	return html`${explanation}${who}${old}`;
}

function buttons_html(frm, one, i) {
	const at = { check: i };
	const behind = one.rows.length || one.compared.length;
	return html`<div class="cl-buttons">${
		shown(frm).may.explain && one.state !== "OK"
			? small_button("explain", __("Explain"), at)
			: ""
	}${behind ? small_button("details", __("Details"), at) : ""}${
		leads_to(frm, one.check) ? small_button("open", __("Open List"), at) : ""
	}</div>`;
}

function show_details(frm, one) {
	const $details = frm.get_field("checks_html").$wrapper.find(".cl-check-details");
	if (frm.cl_open === one.check && $details.html()) return $details.empty();
	frm.cl_open = one.check;
	$details.html(
		String(html`<h5>${__(one.check)}</h5>${compared_html(frm, one)}${rows_html(one)}`)
	);
}

function compared_html(frm, { compared }) {
	if (!compared.length) return "";
	const currency = currency_of(frm);
	const heads = [
		[__("Account")],
		[__("Payment Ledger"), NUMBER],
		[__("General Ledger"), NUMBER],
		[__("Difference"), NUMBER],
	];
	return table(
		heads,
		compared.map(({ account, payment_ledger, general_ledger }) => [
			form_link("Account", account),
			money(payment_ledger, currency),
			money(general_ledger, currency),
			money(general_ledger - payment_ledger, currency),
		])
	);
}

function rows_html({ rows, more }) {
	if (!rows.length) return "";
	const heads = [[__("Document")], [__("Customer")], [__("Date")], [__("Amount"), NUMBER], [""]];
	const lines = rows.map((row) => [
		row.doctype === "Customer" ? __("Customer") : document_link(row),
		row.customer ? form_link("Customer", row.customer, row.customer_name) : "",
		day(row.date),
		row.amount ? money(row.amount, row.currency) : "",
		row.doctype === "Account" ? __(row.text) : row.text,
	]);
	const rest = more ? html`<p class="cl-muted">${__("{0} more not shown", [more])}</p>` : "";
	return html`${table(heads, lines)}${rest}`;
}

function history_html(history) {
	const done = {
		Prepare: __("Prepared", null, LIST),
		Approve: __("Approved", null, LIST),
		Reopen: __("Reopened", null, LIST),
	};
	const lines = history.map(({ what, by, on, why }) => [
		done[what] || what,
		by,
		frappe.datetime.str_to_user(on),
		why,
	]);
	const heads = [[__("Action")], [__("User")], [__("Date")], [__("Reason")]];
	return table(heads, lines, __("Not prepared yet"));
}

function fill(frm, field, content) {
	frm.get_field(field).$wrapper.html(String(html`<div class="cl-ledger">${content}</div>`));
}

const leads_to = (frm, check) =>
	client_ledger.behind_check(frm.doc, check, shown(frm).dispute_days);

function open_list(frm, check) {
	const [route, options] = leads_to(frm, check);
	frappe.route_options = options;
	frappe.set_route(...route);
}
