// Whom to call today, in order, and why.

frappe.pages["collection-worklist"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Collection Worklist"),
		single_column: true,
	});
	frappe.require(["customer_ledger.bundle.css", "customer_collections.bundle.js"], () => {
		wrapper.cl_view = new client_ledger.collections.Worklist(page);
		wrapper.cl_view.show();
	});
};

frappe.pages["collection-worklist"].on_page_show = function (wrapper) {
	if (wrapper.cl_view) wrapper.cl_view.show();
};
