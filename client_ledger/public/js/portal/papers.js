// Files: the ledger of today, and the statements that were sent.

import { html } from "../shared/html";

export default class Papers {
	constructor(app) {
		Object.assign(this, { app, texts: app.texts, rows: [] });
	}

	async load() {
		const page = await this.app.server.get("get_statements", { start: this.rows.length });
		this.rows = this.rows.concat(page.rows);
		this.has_more = page.more;
	}

	html() {
		const { texts } = this;
		return html`<h1>${texts.papers}</h1>
			<section class="cp-card"><h2>${texts.ledger_today}</h2>
				<p><label>${texts.from} <input type="date" id="cp-from"></label> <span class="cp-quiet">${
					texts.whole
				}</span></p>
				<div class="cp-files">${this.app.files("ledger_file", "", texts.ledger_today)}</div>
				<h2>${texts.open_items}</h2>
				<div class="cp-files">${this.app.files("ledger_file", "", texts.open_items, {
					open_only: 1,
				})}</div>
			</section>
			<section class="cp-card"><h2>${texts.statements}</h2>
				${this.rows.length ? "" : html`<p class="cp-quiet">${texts.no_statements}</p>`}
				<ul class="cp-list">${this.rows.map((row) => this.row(row))}</ul>
				${
					this.has_more
						? html`<button type="button" class="cp-button" data-do="more">${texts.more}</button>`
						: ""
				}
			</section>
			<p class="cp-quiet">${texts.invoices_hint}</p>`;
	}

	row(row) {
		const { texts, app } = this;
		const title = app.fill("statement_of", row.as_of.text);
		return html`<li class="cp-item">
			<div class="cp-item-main"><div><b>${title}</b>
				${row.is_new ? html`<span class="cp-tag cp-good">${texts.new}</span>` : ""}</div>
				<div class="cp-quiet">${row.coverage}${
					row.from ? ` · ${app.fill("period", row.from.text, row.as_of.text)}` : ""
				}
					${row.sent ? ` · ${app.fill("sent_on", row.sent.text)}` : ""}</div>
				<div class="cp-files">${app.files("statement_file", row.name, title)}</div>
			</div>
			<div class="cp-item-side"><b class="cp-amount">${row.closing.text}</b></div>
		</li>`;
	}

	drawn(place) {
		const day = place.querySelector("#cp-from");
		day.addEventListener("change", () =>
			place
				.querySelectorAll("[data-method=ledger_file]:not([data-open_only])")
				.forEach((button) => (button.dataset.from_date = day.value))
		);
	}

	async more() {
		await this.load();
		this.app.draw();
	}
}
