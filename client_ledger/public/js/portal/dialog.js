// A dialog of the browser's own: it keeps the focus, closes by Escape, and fills a phone's screen.

import { html } from "../shared/html";

/** send: called with the form's values, null where nothing is sent. more: what other buttons (data-more) show in its place. */
export function dialog_of(app, title, content, send, more = {}) {
	const { texts } = app;
	const dialog = document.createElement("dialog");
	dialog.className = "cp-dialog";
	dialog.setAttribute("aria-labelledby", "cp-dialog-title");
	dialog.innerHTML = html`<form method="dialog">
		<div class="cp-dialog-head"><h2 id="cp-dialog-title">${title}</h2>
			<button type="button" class="cp-close" aria-label="${texts.close}" data-close>×</button></div>
		<div class="cp-dialog-body">${content}</div>
		<p class="cp-message cp-bad" role="alert"></p>
		<div class="cp-dialog-foot">
			<button type="button" class="cp-button" data-close>${send ? texts.cancel : texts.close}</button>
			${send ? html`<button class="cp-button cp-first">${texts.send}</button>` : ""}
		</div></form>`;
	document.body.append(dialog);
	const form = dialog.querySelector("form");
	const message = dialog.querySelector(".cp-message");
	const tell = (text) => {
		message.textContent = text;
		message.classList.toggle("cp-shown", Boolean(text));
	};
	dialog.addEventListener("close", () => dialog.remove());
	dialog.addEventListener("click", async ({ target }) => {
		if (target.closest("[data-close]")) dialog.close();
		const copy = target.closest("[data-copy]");
		if (copy) copied(copy, texts);
		const button = target.closest("[data-more]");
		if (button) await show_more(button, dialog, more, tell);
	});
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		const button = form.querySelector(".cp-first");
		if (!send || button.disabled) return;
		button.disabled = true;
		tell("");
		try {
			await send(Object.fromEntries(new FormData(form)));
			dialog.close();
		} catch (error) {
			tell(error.message);
		} finally {
			button.disabled = false;
		}
	});
	dialog.showModal();
	dialog.querySelector("input, select, textarea")?.focus();
	return dialog;
}

async function show_more(button, dialog, more, tell) {
	button.disabled = true;
	tell("");
	try {
		dialog.querySelector("[data-place]").innerHTML = await more[button.dataset.more]();
	} catch (error) {
		tell(error.message);
	} finally {
		button.disabled = false;
	}
}

async function copied(button, texts) {
	try {
		await navigator.clipboard.writeText(button.dataset.copy);
		button.textContent = texts.copied;
	} catch {
		// Not over plain http: the text stands beside, to be marked by hand.
		getSelection().selectAllChildren(button.previousElementSibling);
	}
}
