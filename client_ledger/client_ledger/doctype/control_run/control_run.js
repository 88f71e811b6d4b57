// Control Run: why a control could say nothing, in the reader's language.

frappe.ui.form.on("Control Run", {
	refresh(frm) {
		frm.disable_save();
		const { status } = frm.doc;
		frm.page.set_indicator(__(status), client_ledger.colours.colour_of("Control Run", status));
		const silent = frm.doc.__onload?.silent;
		frm.dashboard.clear_headline();
		if (silent) frm.dashboard.set_headline(frappe.utils.escape_html(silent));
	},
});
