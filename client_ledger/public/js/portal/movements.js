// Every movement, newest first, page by page; a search finds numbers, references and amounts.

import { html } from "../shared/html";

export default class Movements {
	constructor(app) {
		Object.assign(this, { app, texts: app.texts, find: "", lines: [] });
	}

	async load(after) {
		const page = await this.app.server.get("get_movements", { find: this.find, after });
		this.lines = after ? this.lines.concat(page.lines) : page.lines;
		this.next = page.next;
	}

	html() {
		const { texts } = this;
		return html`<h1>${texts.movements}</h1>
			<form class="cp-search" role="search">
				<input type="search" name="find" maxlength="140" value="${this.find}" aria-label="${texts.search}"
					placeholder="${texts.search}">
				<button class="cp-button">${texts.search_button}</button>
			</form>
			<section class="cp-card">
				${this.lines.length ? "" : html`<p class="cp-quiet">${this.nothing()}</p>`}
				<ul class="cp-list">${this.lines.map((line) => this.line(line))}</ul>
				${
					this.next
						? html`<button type="button" class="cp-button" data-do="more">${texts.more}</button>`
						: ""
				}
			</section>`;
	}

	nothing() {
		return this.find ? this.app.fill("nothing_found", this.find) : this.texts.no_movements;
	}

	line(line) {
		const { texts, app } = this;
		const amount = line.debit || line.credit;
		return html`<li class="cp-item">
			<div class="cp-item-main">
				<div><b>${line.voucher_no}</b> <span class="cp-quiet">${line.kind}</span></div>
				<div class="cp-quiet"><span class="cp-whole">${line.date.text}</span>${
					line.due
						? html` · <span class="cp-whole">${texts.due} ${line.due.text}</span>`
						: ""
				}</div>
				${line.reference ? html`<div class="cp-quiet">${app.fill("reference", line.reference)}</div>` : ""}
				${
					line.against.length
						? html`<div class="cp-quiet">${app.fill(
								"settles",
								line.against.join(", ")
						  )}</div>`
						: ""
				}
				<div class="cp-tags"><span class="cp-tag">${line.status}</span>
					${
						line.disputed
							? html`<span class="cp-tag cp-note">${app.fill(
									"disputed",
									line.disputed.text
							  )}</span>`
							: ""
					}</div>
				<div class="cp-files">${
					line.has_file
						? app.files("invoice_file", line.voucher_no, line.voucher_no)
						: ""
				}</div>
			</div>
			<div class="cp-item-side">
				<b class="cp-amount ${line.credit ? "cp-in" : ""}">${line.credit && !line.debit ? "−" : ""}${
					amount ? amount.text : ""
				}</b>
				<div class="cp-quiet">${texts.balance} ${line.balance.text}</div>
			</div>
		</li>`;
	}

	drawn(place) {
		place.querySelector("form").addEventListener("submit", (event) => {
			event.preventDefault();
			this.find = event.target.find.value.trim();
			this.reload();
		});
	}

	more() {
		this.reload(this.next);
	}

	async reload(after) {
		this.app.root.setAttribute("aria-busy", "true");
		try {
			await this.load(after);
			if (this.app.section === this) this.app.draw();
		} catch (error) {
			this.app.say(error.message, "cp-bad");
		} finally {
			this.app.root.setAttribute("aria-busy", "false");
		}
	}
}
