// Duty Rule: leads to who could and who did both.

frappe.ui.form.on("Duty Rule", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.enabled) return;
		for (const view of ["Who Could Do Both", "Who Did Both"]) {
			frm.add_custom_button(__(view), () =>
				frappe.set_route("query-report", "Duty Conflicts", {
					view,
					duty_rule: frm.doc.name,
				})
			);
		}
	},
});
