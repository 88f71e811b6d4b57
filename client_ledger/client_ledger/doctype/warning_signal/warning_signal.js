// Warning Signal: what it means, in the reader's language, and its record on this site's ledger.

frappe.ui.form.on("Warning Signal", {
	refresh(frm) {
		const { title, meaning, needs, records } = frm.doc;
		frm.get_field("title").set_input(__(title));
		frm.get_field("meaning").set_input(__(meaning));
		frm.get_field("needs").set_input(needs ? __(needs) : "");
		frm.page.set_title(__(title));
		frm.get_field("records_html").$wrapper.html(
			String(client_ledger.warnings.records_html(records || []))
		);
		frm.get_field("parameters").grid.cannot_add_rows = true;
		frm.set_df_property("parameters", "cannot_add_rows", 1);
		frm.set_df_property("parameters", "cannot_delete_rows", 1);
		frm.add_custom_button(__("Warnings"), () =>
			frappe.set_route("List", "Early Warning", { signal: frm.doc.name })
		);
	},
});
