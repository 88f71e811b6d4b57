// Cash by week: what is expected, how sure that is, how past forecasts did, and what would be if.

frappe.pages["cash-by-week"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Cash Forecast"),
		single_column: true,
	});
	const files = [
		"customer_ledger.bundle.css",
		"cash_forecast.bundle.css",
		"cash_forecast.bundle.js",
	];
	frappe.require(files, () => {
		wrapper.cl_view = client_ledger.make_cash_forecast(page);
		wrapper.cl_view.show();
	});
};

frappe.pages["cash-by-week"].on_page_show = function (wrapper) {
	if (wrapper.cl_view) wrapper.cl_view.show();
};
