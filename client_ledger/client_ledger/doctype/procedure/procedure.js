// Procedure: read and understood with one button; who has read it.

frappe.ui.form.on("Procedure", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { in_force, version } = frm.doc;
		frm.page.set_indicator(
			in_force ? __("In Force: version {0}", [version]) : __("Not in Force"),
			in_force ? "green" : "gray"
		);
		const { faults } = frm.doc.__onload || {};
		if (in_force && faults) frm.set_intro(faults, "red");
		if (in_force) client_ledger.procedures.offer_reading(frm, frm.doc.name);
		client_ledger.add_button(frm, __("Who Has Read It"), () =>
			frappe.set_route("query-report", "Procedure Readings", { procedure: frm.doc.name })
		);
	},
});
