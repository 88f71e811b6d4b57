// Archive Chain: what the last check found, and checking again.

frappe.ui.form.on("Archive Chain", {
	refresh(frm) {
		const { archive, colours } = client_ledger;
		frm.disable_save();
		frm.page.set_indicator(
			__(frm.doc.status),
			colours.colour_of("Archive Chain", frm.doc.status)
		);
		if (!archive.may_check()) return;
		client_ledger.add_button(frm, __("Verify Archive"), () =>
			archive.verify(frm.doc.company, () => frm.reload_doc())
		);
		client_ledger.add_button(frm, __("Export Archive"), () =>
			archive.export_dialog(frm.doc.company)
		);
	},
});
