// The Ledger and Dunning tabs of the Customer form. A tab's code is only fetched when somebody opens it.

const TABS = {
	cl_ledger_tab: { view: "cl_ledger", maker: "make_customer_ledger", bundle: "customer_ledger" },
	cl_dunning_tab: {
		view: "cl_dunning",
		maker: "make_customer_dunning",
		bundle: "customer_dunning",
	},
};

frappe.ui.form.on("Customer", {
	refresh: (frm) => show_tabs(frm, true),
	on_tab_change: (frm) => show_tabs(frm, false),
});

function show_tabs(frm, reload) {
	const open = open_tab(frm);
	Object.entries(TABS).forEach(([fieldname, { view, maker, bundle }]) => {
		if (fieldname !== open) {
			if (reload && frm[view]) frm[view].forget();
			return;
		}
		with_code(maker, bundle, () => {
			frm[view] = frm[view] || client_ledger[maker](frm);
			frm[view].show(reload);
		});
	});
}

function open_tab(frm) {
	const tab = frm.get_active_tab && frm.get_active_tab();
	return !frm.is_new() && tab ? tab.df.fieldname : null;
}

function with_code(maker, bundle, callback) {
	if (window.client_ledger && client_ledger[maker]) return callback();
	frappe.require(["customer_ledger.bundle.css", `${bundle}.bundle.js`], callback);
}
