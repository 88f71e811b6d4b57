// The Ledger tab of the Customer form. The tab's code is only fetched when somebody opens it.

frappe.ui.form.on("Customer", {
	refresh: (frm) => show_ledger(frm, true),
	on_tab_change: (frm) => show_ledger(frm, false),
});

function show_ledger(frm, reload) {
	if (!ledger_is_open(frm)) {
		if (reload && frm.cl_ledger) frm.cl_ledger.forget();
		return;
	}
	with_ledger_code(() => {
		frm.cl_ledger = frm.cl_ledger || client_ledger.make_customer_ledger(frm);
		frm.cl_ledger.show(reload);
	});
}

function ledger_is_open(frm) {
	const tab = frm.get_active_tab && frm.get_active_tab();
	return !frm.is_new() && tab && tab.df.fieldname === "cl_ledger_tab";
}

function with_ledger_code(callback) {
	if (window.client_ledger && client_ledger.make_customer_ledger) return callback();
	frappe.require(["customer_ledger.bundle.css", "customer_ledger.bundle.js"], callback);
}
