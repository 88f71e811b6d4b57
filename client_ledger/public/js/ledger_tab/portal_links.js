// Links to the customer's own page: made for a recipient, copied into a message, revoked.

import { ask, attempt } from "../shared/ask";
import { html } from "../shared/html";
import { prompt } from "../shared/prompt";

const API = "client_ledger.portal.desk_api.";

export async function portal_links(customer, company) {
	let found;
	const about = { customer, company };
	const asked = await attempt(
		async () => (found = await ask(`${API}portal_links`, about, "GET"))
	);
	if (!asked) return;
	const dialog = new frappe.ui.Dialog({
		title: __("Portal Link"),
		fields: [
			{
				fieldname: "recipient",
				fieldtype: "Data",
				label: __("For"),
				default: found.recipient,
				description: __(
					"The email address of whoever gets the link. Whoever holds it sees the account, and can do nothing there."
				),
			},
			{
				fieldname: "days",
				fieldtype: "Int",
				label: __("Valid for Days"),
				default: 90,
				reqd: 1,
			},
			{ fieldname: "links", fieldtype: "HTML", label: __("Links") },
		],
		primary_action_label: __("Make Link"),
		async primary_action({ recipient, days }) {
			await attempt(async () => {
				const link = await ask(`${API}make_portal_link`, { ...about, recipient, days });
				frappe.utils.copy_to_clipboard(link.url);
				await show(dialog, about);
			});
		},
	});
	draw(dialog, about, found.links);
	dialog.show();
}

async function show(dialog, about) {
	draw(dialog, about, (await ask(`${API}portal_links`, about, "GET")).links);
}

function draw(dialog, about, links) {
	const rows = links.map(
		({
			name,
			url,
			recipient,
			expires_text,
			opened,
		}) => html`<div class="cl-portal-link" data-name="${name}">
			<div><b>${recipient || __("Without an address")}</b>
				<span class="text-muted">${__("until {0}", [expires_text])} · ${__("opened {0} times", [
					opened,
				])}</span></div>
			<input class="form-control input-xs" readonly value="${url}" aria-label="${__(
				"Address of the link"
			)}">
			<div class="mt-2 mb-3">
				<button type="button" class="btn btn-default btn-xs" data-copy="${url}">${__("Copy")}</button>
				<button type="button" class="btn btn-default btn-xs" data-revoke="${name}">${__("Revoke")}</button>
			</div></div>`
	);
	const $place = dialog.get_field("links").$wrapper;
	$place.html(
		String(
			html`${
				rows.length ? rows : html`<p class="text-muted">${__("No link is valid now.")}</p>`
			}`
		)
	);
	$place.find("[data-copy]").on("click", ({ currentTarget }) => {
		frappe.utils.copy_to_clipboard(currentTarget.dataset.copy);
	});
	$place.find("[data-revoke]").on("click", ({ currentTarget }) => {
		revoke({ ...about, name: currentTarget.dataset.revoke }, () => show(dialog, about));
	});
}

function revoke(link, done) {
	prompt({
		title: __("Revoke Link"),
		label: __("Revoke"),
		fields: { fieldname: "reason", fieldtype: "Small Text", label: __("Reason") },
		send: ({ reason }) => ask(`${API}revoke_portal_link`, { ...link, reason }),
		done: () => done(),
	});
}
