// The company that a page is opened for, by a link that says so.

/** Return the company ("" for all of them) and forget it; undefined where whoever opened the page did not say. */
function company_of_route() {
	const options = frappe.route_options;
	if (!options || !("company" in options)) return undefined;
	const { company } = options;
	// Not the whole of it: version 16 reads it after us.
	delete options.company;
	return company || "";
}

/** Put the company that a page is opened for into the page's field, without the field's own reaction; return whether it changed. */
export async function take_company(view) {
	const company = company_of_route();
	if (company === undefined || company === (view.company.get_value() || "")) return false;
	view.filling = true;
	try {
		await view.company.set_value(company);
	} finally {
		view.filling = false;
	}
	return true;
}
