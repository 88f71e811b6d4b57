// The way of the home page into a workspace: Frappe's Custom HTML Block calls this with its shadow root.
//
// The page stands beside the block's own element and not within it: the desk's styles, dialogs, icons and charts do not reach
// into a shadow root. Its code is fetched with the first workspace that shows it.

export function show_home(root) {
	const block = root.host || root;
	frappe.require(
		["customer_ledger.bundle.css", "ledger_home.bundle.css", "ledger_home.bundle.js"],
		() => client_ledger.make_home(block)
	);
}
