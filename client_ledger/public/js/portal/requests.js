// What was said so far: disputes, promises, announced payments, balances to confirm; and a request to change contact details.

import { html } from "../shared/html";

export default class Requests {
	constructor(app) {
		Object.assign(this, { app, texts: app.texts });
	}

	async load() {
		this.data = await this.app.server.get("get_overview");
		this.app.data = this.data;
	}

	html() {
		const { texts, data } = this;
		return html`<h1>${texts.requests}</h1>
			${this.list(texts.disputes, data.disputes, (row) => row.reason)}
			${this.list(texts.promises, data.promises, (row) => row.due.text)}
			${this.list(texts.announced, data.announced, (row) => row.date.text)}
			${data.may_act ? this.confirmations() : ""}
			${
				data.may_act
					? html`<section class="cp-card"><h2>${texts.contact}</h2><p class="cp-quiet">${texts.contact_hint}</p>
						<button type="button" class="cp-button" data-do="act" data-action="contact">${texts.contact}</button></section>`
					: html`<p class="cp-quiet">${texts.read_only}</p>`
			}`;
	}

	list(title, rows, what) {
		const { texts, app } = this;
		const item = (row) => html`<li class="cp-item"><div class="cp-item-main">
				<div><b>${what(row)}</b> <span class="cp-tag ${row.running ? "cp-note" : ""}">${
					row.status
				}</span></div>
				<div class="cp-quiet">${row.items.length ? app.fill("items_of", row.items.join(", ")) : ""}</div>
				${
					row.received?.value
						? html`<div class="cp-quiet">${app.fill(
								"received",
								row.received.text
						  )}</div>`
						: ""
				}
			</div><div class="cp-item-side"><b class="cp-amount">${row.amount.text}</b></div></li>`;
		return html`<section class="cp-card"><h2>${title}</h2>
			${rows.length ? "" : html`<p class="cp-quiet">${texts.nothing_here}</p>`}
			<ul class="cp-list">${rows.map(item)}</ul></section>`;
	}

	confirmations() {
		const { texts, app } = this;
		const item = (row) => html`<li class="cp-item"><div class="cp-item-main">
				<div><b>${app.fill("balance_on", row.as_of.text, row.currency)}</b>
					<span class="cp-tag ${row.running ? "cp-note" : ""}">${row.status}</span></div>
				${row.reply_by ? html`<div class="cp-quiet">${app.fill("reply_by", row.reply_by.text)}</div>` : ""}
			</div><div class="cp-item-side"><button type="button" class="cp-button" data-do="confirm" data-name="${
				row.name
			}">
				${row.running ? texts.answer : texts.show}</button></div></li>`;
		const rows = this.data.confirmations;
		return html`<section class="cp-card"><h2>${texts.confirmations}</h2>
			${rows.length ? "" : html`<p class="cp-quiet">${texts.nothing_here}</p>`}
			<ul class="cp-list">${rows.map(item)}</ul></section>`;
	}

	async confirm({ name }, button) {
		button.disabled = true;
		try {
			window.location.href = await this.app.server.post("open_confirmation", { name });
		} catch (error) {
			this.app.say(error.message, "cp-bad");
			button.disabled = false;
		}
	}

	act({ action }) {
		this.app.actions.open(action);
	}
}
