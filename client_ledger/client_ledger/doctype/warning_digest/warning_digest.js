// Warning Digest: one's own unless a manager sets up that of somebody else.

frappe.ui.form.on("Warning Digest", {
	onload(frm) {
		if (frm.is_new() && !frm.doc.user) frm.set_value("user", frappe.session.user);
	},
	refresh(frm) {
		if (frm.is_new()) return;
		client_ledger.add_button(frm, __("Digests Sent"), () =>
			frappe.set_route("List", "Warning Digest Issue", { user: frm.doc.user })
		);
	},
});
