// Warning Signal: what it means, in the reader's language, and its record on this site's ledger.

frappe.ui.form.on("Warning Signal", {
	async setup() {
		await frappe.require("customer_ledger.bundle.css");
	},
	refresh(frm) {
		const { title, meaning, needs, records, enabled } = frm.doc;
		frm.get_field("title").set_input(__(title));
		frm.get_field("meaning").set_input(__(meaning));
		frm.get_field("needs").set_input(needs ? __(needs) : "");
		frm.page.set_title(__(title));
		frm.get_field("records_html").$wrapper.html(
			String(client_ledger.warnings.records_html(records || [], enabled))
		);
		const state = client_ledger.warnings.state_text({ ...frm.doc, records: records || [] });
		frm.set_intro("");
		if (state) frm.set_intro(frappe.utils.escape_html(state), "orange");
		show_parameters(frm);
		client_ledger.add_button(frm, __("Warnings"), () =>
			frappe.set_route("List", "Early Warning", { signal: frm.doc.name })
		);
	},
});

/** Values alone change: no rows are added or taken out, and labels are in the reader's language. */
function show_parameters(frm) {
	const { grid } = frm.get_field("parameters");
	Object.assign(grid.df, { cannot_add_rows: 1, cannot_delete_rows: 1 });
	grid.cannot_add_rows = true;
	// Each row has a copy of its fields.
	for (const { doctype, name } of frm.doc.parameters || []) {
		for (const fieldname of ["label", "unit"]) {
			const df = frappe.meta.get_docfield(doctype, fieldname, name);
			df.formatter = (value) => frappe.utils.escape_html(value ? __(value) : "");
		}
	}
	grid.refresh();
	// Version 16 shows the buttons under a table of which no row can be added, too.
	grid.wrapper.find(".grid-footer").addClass("d-none");
}
