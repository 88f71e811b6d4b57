// Write Off Request: its totals follow its rows while they are changed; saving adds them up again.

const DIGITS = 6;

frappe.ui.form.on("Write Off Request", {
	refresh(frm) {
		(frm.doc.items || []).forEach(keep_rate);
	},
});

frappe.ui.form.on("Collection Item", {
	amount(frm, doctype, name) {
		const row = locals[doctype][name];
		if (row.cl_rate) row.base_amount = flt(row.amount * row.cl_rate, DIGITS);
		frm.refresh_field("items");
		show_totals(frm);
	},
	items_remove: show_totals,
});

/** How much of the company's currency an amount of this row is: of one item it is always the same share. */
function keep_rate(row) {
	if (flt(row.amount)) row.cl_rate = flt(row.base_amount) / flt(row.amount);
}

function show_totals(frm) {
	for (const field of ["amount", "base_amount"]) {
		const rows = frm.doc.items || [];
		frm.doc[field] = flt(frappe.utils.sum(rows.map((row) => flt(row[field]))), DIGITS);
		frm.refresh_field(field);
	}
}
