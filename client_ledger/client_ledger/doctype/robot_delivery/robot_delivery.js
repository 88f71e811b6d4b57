// Robot Delivery: what was said, and what is to be done where it did not arrive.

const METHODS = {
	again: "client_ledger.group_robots.api.send_delivery_again",
	arrived: "client_ledger.group_robots.api.delivery_arrived",
	withdraw: "client_ledger.group_robots.api.withdraw_delivery",
};
const ROBOT_ROLES = ["System Manager", "Accounts Manager"];

frappe.ui.form.on("Robot Delivery", {
	refresh(frm) {
		frm.disable_save();
		// "{0}" is the host, which stands under it.
		const { reason, detail } = frm.doc;
		if (reason) frm.get_field("reason").set_input(__(reason, [detail]));
		frm.get_field("message_html").$wrapper.html(message_html(frm.doc.message));
		if (!ROBOT_ROLES.some((role) => frappe.user.has_role(role))) return;
		const { status } = frm.doc;
		if (["Failed", "Unknown"].includes(status)) {
			client_ledger.add_button(frm, __("Send Again"), () => send_again(frm));
		}
		if (status === "Unknown") {
			client_ledger.add_button(frm, __("It Arrived"), () => act(frm, "arrived"));
		}
		if (["Waiting", "Failed"].includes(status)) {
			client_ledger.add_button(frm, __("Do Not Send"), () => act(frm, "withdraw"));
		}
	},
});

function message_html(text) {
	if (!text) return "";
	const { title, lines } = JSON.parse(text);
	const { html } = client_ledger;
	return html`<div class="cl-card"><strong>${title}</strong>
		<ul>${lines.map(([said]) => html`<li>${said}</li>`)}</ul></div>`.toString();
}

function send_again(frm) {
	if (frm.doc.status === "Failed") {
		act(frm, "again");
		return;
	}
	frappe.confirm(
		__("Look in the group first: the message may be there. Send it once more?"),
		() => act(frm, "again")
	);
}

async function act(frm, method) {
	const { name } = frm.doc;
	await client_ledger.ask(METHODS[method], { name }, "POST", { freeze: true });
	frm.reload_doc();
}
