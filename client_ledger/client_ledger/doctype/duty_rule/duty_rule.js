// Duty Rule: leads to who could and who did both.

frappe.ui.form.on("Duty Rule", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.enabled) return;
		for (const view of ["Who Could Do Both", "Who Did Both"]) {
			client_ledger.add_button(frm, __(view), () =>
				frappe.set_route("query-report", "Duty Conflicts", {
					view,
					duty_rule: frm.doc.name,
				})
			);
		}
	},
});
