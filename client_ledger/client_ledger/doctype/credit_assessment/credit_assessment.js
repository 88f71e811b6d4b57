// Credit Assessment: the points and their reasons; Recompute makes it again from what is stored with it.

frappe.ui.form.on("Credit Assessment", {
	refresh(frm) {
		frm.disable_save();
		const colours = { "In Force": "green", Replaced: "gray", Cancelled: "red" };
		frm.page.set_indicator(__(frm.doc.status), colours[frm.doc.status] || "gray");
		if (frm.doc.docstatus) frm.add_custom_button(__("Recompute"), () => recompute(frm));
	},
});

function recompute(frm) {
	frappe.call({
		method: "client_ledger.client_ledger.doctype.credit_assessment.credit_assessment.recompute",
		type: "GET",
		args: { name: frm.doc.name },
		callback: ({ message }) => show_recomputed(message),
	});
}

function show_recomputed({ identical, differences }) {
	if (identical) {
		frappe.msgprint({
			title: __("Recomputed"),
			indicator: "green",
			message: __("The same result, to the last digit."),
		});
		return;
	}
	const escape = frappe.utils.escape_html;
	const rows = Object.entries(differences).map(
		([path, [stored, now]]) =>
			`<tr><td>${escape(path)}</td><td>${escape(String(stored))}</td><td>${escape(
				String(now)
			)}</td></tr>`
	);
	frappe.msgprint({
		title: __("Not the Same Result"),
		indicator: "red",
		message: `<table class="table table-bordered"><thead><tr><th>${__("Figure")}</th><th>${__(
			"Stored"
		)}</th><th>${__("Now")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
	});
}
