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

const CUSTOMER_TAB = "customer:tab";

frappe.ui.form.on("Customer", {
	before_load(frm) {
		// The tab that the address names, which version 15 does not open; later version 16 puts there what it opens by itself.
		const named = window.location.hash.slice(1);
		frm.cl_to_open = {
			customer: frm.doc.name,
			fieldname: named || client_ledger.remembered(CUSTOMER_TAB),
		};
	},
	refresh(frm) {
		remember_tabs(frm);
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

/** Open the tab that a page of ours leads to (client_ledger.wanted_tab is {customer, fieldname}), else the one opened last. */
function open_wanted_tab(frm) {
	const wanted = client_ledger.wanted_tab;
	if (wanted?.customer === frm.doc.name) {
		client_ledger.wanted_tab = null;
		open_tab(frm, wanted.fieldname);
	} else if (frm.cl_to_open?.customer === frm.doc.name && !frm.is_new()) {
		open_tab(frm, frm.cl_to_open.fieldname);
	}
	frm.cl_to_open = null;
}

function open_tab(frm, fieldname) {
	const tab = frm.layout.tabs?.find(({ df }) => df.fieldname === fieldname);
	if (tab && !tab.is_hidden()) tab.set_active();
}

/** Have the browser remember the tab that the user opens, for the next customer. Tabs also change by themselves. */
function remember_tabs(frm) {
	const bar = frm.layout.tab_link_container?.[0];
	if (!bar || bar.cl_remembers) return;
	bar.cl_remembers = true;
	const note = ({ target }) => {
		const tab = frm.layout.tabs.find(({ tab_link }) => tab_link[0].contains(target));
		if (tab) client_ledger.remember(CUSTOMER_TAB, tab.df.fieldname);
	};
	// On its way in: on the way out the desk's own handler stops it.
	bar.addEventListener("click", note, true);
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
