// Our tabs of the Customer form. A tab's code is only fetched when somebody opens it.

const CLIENT_LEDGER_TABS = {
	cl_ledger_tab: { bundle: "customer_ledger", make: "make_customer_ledger" },
	cl_credit_tab: {
		bundle: "customer_credit",
		make: "make_customer_credit",
		styles: ["customer_credit.bundle.css"],
	},
	cl_dunning_tab: { bundle: "customer_dunning", make: "make_customer_dunning" },
	cl_collections_tab: { bundle: "customer_collections", make: "make_customer_collections" },
};

frappe.ui.form.on("Customer", {
	refresh(frm) {
		open_wanted_tab(frm);
		show_client_ledger_tab(frm, true);
	},
	on_tab_change: (frm) => show_client_ledger_tab(frm, false),
});

function show_client_ledger_tab(frm, reload) {
	frm.cl_tabs = frm.cl_tabs || {};
	const open = open_client_ledger_tab(frm);
	if (reload) {
		Object.entries(frm.cl_tabs).forEach(([name, tab]) => name !== open && tab.forget());
	}
	if (!open) return;
	with_client_ledger_code(CLIENT_LEDGER_TABS[open], (make) => {
		frm.cl_tabs[open] = frm.cl_tabs[open] || make(frm);
		frm.cl_tabs[open].show(reload);
	});
}

/** Open the tab that a page of ours leads to: client_ledger.wanted_tab is {customer, fieldname}. */
function open_wanted_tab(frm) {
	const wanted = client_ledger.wanted_tab;
	if (wanted?.customer !== frm.doc.name) return;
	client_ledger.wanted_tab = null;
	frm.layout.tabs?.find(({ df }) => df.fieldname === wanted.fieldname)?.set_active();
}

function open_client_ledger_tab(frm) {
	const tab = !frm.is_new() && frm.get_active_tab && frm.get_active_tab();
	return tab && tab.df.fieldname in CLIENT_LEDGER_TABS ? tab.df.fieldname : null;
}

function with_client_ledger_code({ bundle, make, styles = [] }, callback) {
	const made = () => callback(client_ledger[make]);
	if (client_ledger[make]) return made();
	frappe.require(["customer_ledger.bundle.css", ...styles, `${bundle}.bundle.js`], made);
}
