// Balance and ageing per currency, and what is open: chosen here, acted on by actions.js.

import { html } from "../shared/html";

export default class Overview {
	constructor(app) {
		Object.assign(this, { app, texts: app.texts });
	}

	async load() {
		this.data = await this.app.server.get("get_overview");
		this.app.data = this.data;
		const keys = new Set(this.data.items.map(key_of));
		this.app.chosen = new Set([...this.app.chosen].filter((key) => keys.has(key)));
	}

	html() {
		const { texts, data } = this;
		return html`<h1>${data.customer_name}</h1>
			<p class="cp-quiet">${data.company} · ${this.app.fill("as_of", data.as_of.text)}</p>
			${data.currencies.map((one) => this.currency(one))}
			<section class="cp-card" aria-labelledby="cp-open">
				<h2 id="cp-open">${texts.open_items}</h2>
				${data.items.length ? this.choose_all() : html`<p class="cp-quiet">${texts.nothing_open}</p>`}
				<ul class="cp-list">${data.items.map((item) => this.item(item))}</ul>
			</section>
			${this.app.actions.bar()}`;
	}

	currency(one) {
		const { texts } = this;
		const figure = (label, amount, more = "") =>
			html`<div class="cp-figure ${more}"><dt>${label}</dt><dd>${amount.text}</dd></div>`;
		const most = Math.max(...one.ageing.map(({ value }) => Math.abs(value)), 1);
		return html`<section class="cp-card" aria-label="${texts.balance} ${one.currency}">
			<dl class="cp-figures">
				${figure(texts.balance, one.balance, "cp-large")}
				${figure(texts.overdue, one.overdue, one.overdue.value > 0 ? "cp-late" : "")}
				${figure(texts.on_account, one.on_account)} ${figure(texts.to_pay, one.due)}
			</dl>
			<h2 class="cp-small">${texts.ageing}</h2>
			<dl class="cp-ageing">
				${one.ageing.map(
					({ label, text, value }) => html`<div><dt>${label}</dt>
						<dd><span class="cp-bar" style="width:${
							(Math.abs(value) / most) * 100
						}%"></span><span>${text}</span></dd></div>`
				)}
			</dl>
		</section>`;
	}

	choose_all() {
		if (!this.data.items.some(is_late)) return "";
		return html`<button type="button" class="cp-link" data-do="choose_late">${this.texts.choose_all}</button>`;
	}

	item(item) {
		const { texts, app } = this;
		const key = key_of(item);
		const choice = !item.is_credit
			? html`<input type="checkbox" data-key="${key}" aria-label="${app.fill(
					"choose",
					item.voucher_no
			  )}"
						${app.chosen.has(key) ? html`checked` : ""}>`
			: "";
		return html`<li class="cp-item">
			<label class="cp-item-choice">${choice}</label>
			<div class="cp-item-main">
				<div><b>${item.voucher_no}</b> <span class="cp-quiet">${item.kind}${
					item.payment_term ? ` · ${item.payment_term}` : ""
				}</span></div>
				<div class="cp-quiet"><span class="cp-whole">${item.date.text}</span>${
					item.due
						? html` · <span class="cp-whole">${texts.due} ${item.due.text}</span>`
						: ""
				}</div>
				${item.reference ? html`<div class="cp-quiet">${app.fill("reference", item.reference)}</div>` : ""}
				<div class="cp-tags">${this.tags(item)}</div>
				<div class="cp-files">${
					item.has_file
						? app.files("invoice_file", item.voucher_no, item.voucher_no)
						: ""
				}</div>
			</div>
			<div class="cp-item-side">
				<b class="cp-amount">${item.outstanding.text}</b>
			</div>
		</li>`;
	}

	tags(item) {
		const { texts, app } = this;
		const tag = (text, kind) => html`<span class="cp-tag ${kind}">${text}</span>`;
		return [
			item.is_credit && tag(texts.on_account, "cp-good"),
			is_late(item) && tag(app.fill("days_late", item.days_late), "cp-late"),
			item.disputed && tag(app.fill("disputed", item.disputed.text), "cp-note"),
			item.announced && tag(app.fill("payment_announced", item.announced.text), "cp-good"),
			item.promised && tag(app.fill("promised", item.promised.text), "cp-note"),
		];
	}

	drawn(place) {
		place.querySelectorAll("[data-key]").forEach((box) =>
			box.addEventListener("change", () => {
				if (box.checked) this.app.chosen.add(box.dataset.key);
				else this.app.chosen.delete(box.dataset.key);
				this.app.actions.count();
			})
		);
		this.app.actions.count();
	}

	choose_late() {
		this.data.items.filter(is_late).forEach((item) => this.app.chosen.add(key_of(item)));
		this.app.draw();
	}

	act({ action }) {
		this.app.actions.open(action);
	}
}

export function key_of(item) {
	return `${item.voucher_type}|${item.voucher_no}|${item.payment_term || ""}`;
}

function is_late(item) {
	return item.days_late > 0 && !item.is_credit;
}
