// Balance Confirmation: the comparison of both ledgers, whose code is fetched when there is one to show.

const COMPARISON_FILES = [
	"customer_ledger.bundle.css",
	"balance_comparison.bundle.css",
	"balance_comparison.bundle.js",
];

frappe.ui.form.on("Balance Confirmation", {
	refresh(frm) {
		if (frm.is_new() || !frm.get_field("comparison_html")) return;
		frappe.require(COMPARISON_FILES, () => {
			frm.cl_comparison = frm.cl_comparison || client_ledger.make_comparison(frm);
			frm.cl_comparison.show();
		});
	},
});
