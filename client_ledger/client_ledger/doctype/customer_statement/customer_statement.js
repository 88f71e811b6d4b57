// Customer Statement: the page as the customer got it, its files, and how today's ledger differs from it.

const { ask, html } = client_ledger;
const { document_link, money, muted } = client_ledger.format;
const { table } = client_ledger.pieces;

frappe.ui.form.on("Customer Statement", {
	refresh(frm) {
		const { status, reason, name, figures } = frm.doc;
		const colour = client_ledger.colours.colour_of("Customer Statement", status);
		frm.page.set_indicator(__(status, null, "Customer Statement"), colour);
		frm.dashboard.clear_headline();
		if (reason) frm.dashboard.set_headline(String(html`${__(reason)}`));
		show_page(frm);
		if (!figures) return;
		client_ledger.add_button(frm, __("Compare with Today"), () => compare(frm));
		for (const [file_format, label] of [
			["pdf", __("PDF")],
			["xlsx", __("Excel")],
		]) {
			const url = `/api/method/client_ledger.statement_runs.api.stated_file?name=${name}&file_format=${file_format}`;
			client_ledger.add_button(frm, label, () => window.open(url), __("Download"));
		}
	},
});

async function show_page(frm) {
	const { name } = frm.doc;
	const page = await ask("client_ledger.statement_runs.api.stated_page", { name }, "GET");
	if (frm.doc.name !== name) return;
	const note = page.stated ? "" : __("Not sent yet: this is what it would say now.");
	const $place = frm.get_field("statement_html").$wrapper;
	$place.html(
		String(html`${note ? html`<p class="text-muted">${note}</p>` : ""}
			<iframe sandbox="" title="${__("Statement")}"
				style="width:100%;height:70vh;border:1px solid var(--border-color);border-radius:8px;background:#fff"></iframe>`)
	);
	$place.find("iframe").attr("srcdoc", page.html);
}

async function compare(frm) {
	const { name } = frm.doc;
	const found = await ask(
		"client_ledger.statement_runs.api.stated_difference",
		{ name },
		"GET",
		{
			freeze: true,
		}
	);
	const heads = [
		[__("Document")],
		[__("What Changed")],
		[__("Stated"), "text-right"],
		[__("Today"), "text-right"],
		[__("Difference"), "text-right"],
	];
	const rows = found.changes.map((change) => [
		change.name ? document_link(change) : __("Opening Balance"),
		html`<div>${change.changes.map((text) => __(text, null, "Client Ledger")).join(", ")}
			<div>${muted(happened(change))}</div></div>`,
		stated(change.before, change.currency),
		stated(change.after, change.currency),
		money(change.amount, change.currency),
	]);
	const totals = found.totals.map(
		({ currency, before, now }) =>
			html`<p><b>${__("Closing Balance", null, "Client Ledger")}</b>
				${__("{0} as stated, {1} by today's ledger", [money(before, currency), money(now, currency)])}</p>`
	);
	const dialog = new frappe.ui.Dialog({ title: __("Compare with Today"), size: "extra-large" });
	dialog.$body.html(
		String(html`<div class="cl-ledger">${totals}
			${table(heads, rows, __("Today's ledger says the same as this statement."))}</div>`)
	);
	await frappe.require("customer_ledger.bundle.css");
	dialog.show();
}

function stated(row, currency) {
	if (!row) return "";
	return html`<div>${money(row.amount || row.outstanding, currency)}
		<div>${muted(frappe.datetime.str_to_user(row.date))}</div></div>`;
}

function happened({ happened: row }) {
	if (!row) return "";
	const { str_to_user } = frappe.datetime;
	const cancelled = Number(row.docstatus) === 2;
	return cancelled
		? __("cancelled by {0} on {1}", [row.modified_by, str_to_user(row.modified)])
		: __("entered by {0} on {1}", [row.owner, str_to_user(row.creation)]);
}
