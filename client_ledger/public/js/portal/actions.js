// What a customer may do with what it has chosen: a bar with buttons, and a dialog for each.

import { html } from "../shared/html";
import { dialog_of } from "./dialog";
import { key_of } from "./overview";
import { pay_html } from "./paying";

const OF_ITEMS = ["pay", "paid", "promise", "dispute"];

export default class Actions {
	constructor(app) {
		Object.assign(this, { app, texts: app.texts });
	}

	bar() {
		return html`<div class="cp-bar-of-actions" role="region" aria-label="${
			this.texts.choose_first
		}" hidden>
			<span class="cp-chosen"></span>
			${OF_ITEMS.filter((name) => name === "pay" || this.app.data.may_act).map(
				(name) => html`<button type="button" class="cp-button ${
					name === "pay" ? "cp-first" : ""
				}"
					data-do="act" data-action="${name}">${this.texts[name]}</button>`
			)}</div>`;
	}

	/** Show how much is chosen. */
	count() {
		const bar = this.app.root.querySelector(".cp-bar-of-actions");
		if (!bar) return;
		const items = this.items();
		bar.hidden = !items.length;
		const sums = [...new Set(items.map((item) => item.outstanding.currency))].map((currency) =>
			this.amount(
				sum(items.filter((item) => item.outstanding.currency === currency)),
				currency
			)
		);
		bar.querySelector(".cp-chosen").textContent = this.app.fill(
			"chosen",
			items.length,
			sums.join(" + ")
		);
	}

	items() {
		return this.app.data.items.filter((item) => this.app.chosen.has(key_of(item)));
	}

	amount(value, currency) {
		const shown = new Intl.NumberFormat(this.app.state.language.replace("_", "-"), {
			minimumFractionDigits: 2,
		}).format(value);
		return `${currency} ${shown}`;
	}

	open(action) {
		const items = this.items();
		if (action !== "contact") {
			if (!items.length) return this.app.say(this.texts.choose_first, "cp-bad");
			if (new Set(items.map((item) => item.outstanding.currency)).size > 1) {
				return this.app.say(this.texts.one_currency, "cp-bad");
			}
		}
		this[action](items);
	}

	rows(items) {
		return items.map(({ voucher_type, voucher_no, payment_term, outstanding }) => ({
			voucher_type,
			voucher_no,
			payment_term,
			amount: outstanding.value,
		}));
	}

	/** Open a dialog whose values are sent; what the server answers is told, and everything is asked anew. */
	ask(title, content, send) {
		dialog_of(this.app, title, content, async (values) => {
			const said = await send(values);
			this.app.chosen.clear();
			await this.app.show(true);
			this.app.say(said, "cp-good");
		});
	}

	dispute(items) {
		const { texts, app } = this;
		const reasons = app.data.reasons.map(
			({ value, text }) => html`<option value="${value}">${text}</option>`
		);
		const amounts = items.map(
			(item, place) => html`<label>${app.fill("disputed_amount", item.voucher_no)} (${
				item.outstanding.currency
			})
				<input type="number" name="amount-${place}" min="0.01" step="any" max="${item.outstanding.value}"
					value="${item.outstanding.value}" required></label>`
		);
		this.ask(
			texts.dispute_title,
			html`<p class="cp-quiet">${texts.dispute_hint}</p>
				<label>${texts.reason} <select name="reason" required>${reasons}</select></label>${amounts}
				<label>${texts.details} <textarea name="details" rows="4" maxlength="5000" required></textarea></label>`,
			async (values) => {
				const rows = this.rows(items);
				rows.forEach((row, place) => (row.amount = Number(values[`amount-${place}`])));
				const { reason, details } = values;
				return app.fill(
					"dispute_sent",
					await app.server.post("dispute", { items: rows, reason, details })
				);
			}
		);
	}

	promise(items) {
		const { texts, app } = this;
		this.ask(
			texts.promise,
			html`<p class="cp-quiet">${texts.promise_hint} ${this.total(items)}</p>
				<label>${texts.promise_day} <input type="date" name="day" min="${
					app.data.as_of.value
				}" required></label>`,
			async ({ day }) => {
				const said = await app.server.post("promise", { items: this.rows(items), day });
				return app.fill("promise_sent", said);
			}
		);
	}

	paid(items) {
		const { texts, app } = this;
		this.ask(
			texts.paid,
			html`<p class="cp-quiet">${texts.paid_hint}</p>
				<label>${texts.paid_amount} (${items[0].outstanding.currency})
					<input type="number" name="amount" min="0.01" step="any" value="${sum(items)}" required></label>
				<label>${texts.paid_on} <input type="date" name="day" value="${
					app.data.as_of.value
				}" required></label>
				<label>${texts.paid_reference} <input type="text" name="reference" maxlength="140"></label>`,
			async ({ amount, day, reference }) => {
				await app.server.post("paid", {
					items: this.rows(items),
					currency: items[0].outstanding.currency,
					amount: Number(amount),
					day,
					reference,
				});
				return texts.paid_sent;
			}
		);
	}

	contact() {
		const { texts, app } = this;
		const line = (name, type, completes) => html`<label>${texts[`contact_${name}`]}
			<input type="${type}" name="${name}" maxlength="140" autocomplete="${completes}"></label>`;
		this.ask(
			texts.contact,
			html`<p class="cp-quiet">${texts.contact_hint}</p>
				${line("name", "text", "name")}${line("email", "email", "email")}${line("phone", "tel", "tel")}
				<label>${
					texts.contact_address
				} <textarea name="address" rows="3" maxlength="500"></textarea></label>
				<label>${
					texts.contact_notes
				} <textarea name="notes" rows="2" maxlength="1000"></textarea></label>`,
			async ({ name, ...values }) => {
				await app.server.post("change_contact", { contact_name: name, ...values });
				return texts.contact_sent;
			}
		);
	}

	async pay(items) {
		const { texts, app } = this;
		try {
			const payment = await app.server.get("get_payment", {
				items: JSON.stringify(this.rows(items)),
			});
			dialog_of(
				app,
				app.fill("pay_title", payment.amount.text),
				pay_html(texts, app, payment),
				null,
				{
					online: async () => {
						const links = await app.server.post("pay_online", {
							items: this.rows(items),
						});
						return html`<p>${texts.pay_online_hint}</p><ul>${links.map(
							({ invoice, url }) => html`<li><a href="${url}">${invoice}</a></li>`
						)}</ul>`;
					},
				}
			);
		} catch (error) {
			app.say(error.message, "cp-bad");
		}
	}

	total(items) {
		return html`<b>${this.amount(sum(items), items[0].outstanding.currency)}</b>`;
	}
}

/** Add up in hundred-thousandths, so that binary fractions leave no trace. */
function sum(items) {
	return (
		items.reduce((total, item) => total + Math.round(item.outstanding.value * 1e5), 0) / 1e5
	);
}
