// KPIs: each figure with its formula, its rows and what changed it.

frappe.pages["receivables-kpis"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("KPIs"),
		single_column: true,
	});
	frappe.require(
		[
			"customer_ledger.bundle.css",
			"receivables_kpis.bundle.css",
			"receivables_kpis.bundle.js",
		],
		() => {
			wrapper.cl_view = client_ledger.make_kpis(page);
			wrapper.cl_view.show();
		}
	);
};

frappe.pages["receivables-kpis"].on_page_show = function (wrapper) {
	if (wrapper.cl_view) wrapper.cl_view.show();
};
