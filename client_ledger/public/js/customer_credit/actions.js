// What can be done from the Credit tab. The server says what the user may do, and checks it again.

export function buttons_html({ can }) {
	const buttons = [
		[can.assess, "assess", __("Assess Now")],
		[can.request_limit, "request_limit", __("Request Limit Change")],
		[can.override, "override", __("Override Grade")],
		[can.reference, "reference", __("Add Reference")],
		[can.queue, "queue", __("Open Queue")],
	];
	const shown = buttons
		.filter(([may]) => may)
		.map(
			([, action, label]) =>
				`<button type="button" class="btn btn-default btn-sm" data-action="${action}">${label}</button>`
		);
	return `<div class="cl-credit-actions">
		<button type="button" class="btn btn-default btn-sm icon-btn" data-action="refresh"
			title="${__("Refresh")}" aria-label="${__("Refresh")}">${frappe.utils.icon(
				"refresh",
				"sm"
			)}</button>${shown.join("")}</div>`;
}

export function act(tab, action) {
	const { customer, company } = tab;
	const actions = {
		refresh: () => tab.load(),
		assess: () => assess(tab),
		request_limit: () => frappe.new_doc("Credit Limit", { customer, company }),
		override: () => frappe.new_doc("Credit Grade Override", { customer, company }),
		reference: () => frappe.new_doc("Credit Reference", { customer, company }),
		queue: () => frappe.set_route("List", "Credit Hold", { status: "On Hold", company }),
	};
	actions[action]();
}

async function assess(tab) {
	try {
		await tab.call("assess_now", {}, "POST");
	} catch {
		// The host has said why; the tab stays as it was.
		return;
	}
	frappe.show_alert({ message: __("Assessed"), indicator: "green" });
	tab.load();
}
