// Warning Digest Issue: what it said.

frappe.ui.form.on("Warning Digest Issue", {
	refresh(frm) {
		frm.disable_save();
		const { content, names } = frm.doc;
		// Made by the server, with all names escaped.
		frm.get_field("content_html").$wrapper.html(content || "");
		client_ledger.add_button(frm, __("Open Warnings"), () =>
			frappe.set_route("List", "Early Warning", {
				name: ["in", JSON.parse(names || "[]").join(",")],
			})
		);
	},
});
