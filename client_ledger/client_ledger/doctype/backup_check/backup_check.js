// Backup Check: its findings in words, and what was compared.

frappe.ui.form.on("Backup Check", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { verdict } = frm.doc;
		frm.disable_save();
		frm.page.set_indicator(
			__(verdict, null, "Backup Check"),
			client_ledger.colours.colour_of("Backup Check", verdict)
		);
		frappe.require("customer_ledger.bundle.css", () => {
			show_findings(frm);
			show_compared(frm);
		});
		if (frappe.user.has_role("System Manager")) {
			client_ledger.add_button(frm, __("Check Now"), client_ledger.check_backups);
		}
	},
});

const { html, raw, pieces } = client_ledger;

function show_findings(frm) {
	const { findings = [], summary } = frm.doc.__onload || {};
	const items = findings.map(
		({ verdict, text }) =>
			html`<li>${client_ledger.format.status_pill("Backup Check", verdict)} ${raw(
				text
			)}</li>`
	);
	fill(
		frm,
		"findings_html",
		html`<p>${summary}</p><ul class="cl-backup-findings">${items}</ul>`
	);
}

function show_compared(frm) {
	const { rows = [], balances = [] } = JSON.parse(frm.doc.compared || "{}");
	const number = "cl-number";
	const counts = pieces.table(
		[[__("DocType")], [__("In the Backup"), number], [__("In the Ledger"), number]],
		rows.map(({ doctype, backup, live }) => [__(doctype), backup, live]),
		__("Nothing was compared")
	);
	const sums = pieces.table(
		[
			[__("Company")],
			[__("DocType")],
			[__("Account Type")],
			[__("In the Backup"), number],
			[__("In the Ledger"), number],
		],
		balances.map(({ company, doctype, account_type, backup, live }) => [
			company,
			__(doctype),
			account_type ? __(account_type) : "–",
			format_number(backup, null, 2),
			format_number(live, null, 2),
		])
	);
	fill(frm, "compared_html", html`${counts}${sums}`);
}

function fill(frm, field, content) {
	frm.get_field(field).$wrapper.html(String(html`<div class="cl-ledger">${content}</div>`));
}
