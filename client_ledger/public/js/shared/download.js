// A file that the server makes for a page.

import { joined, raw } from "./html";

/** Fetch a file, so that what goes wrong can be said here, under *title*, rather than in an empty window. Return whether it came. */
export async function download(url, fallback_name, title) {
	frappe.dom.freeze(__("Preparing the file…"));
	try {
		const answer = await fetch(url, { headers: { Accept: "application/json, */*" } });
		if (!answer.ok) {
			await show_failure(answer, title);
			return false;
		}
		save(await answer.blob(), file_name(answer) || fallback_name);
		return true;
	} catch {
		frappe.msgprint({
			message: __("The file could not be created. Try again."),
			indicator: "red",
		});
		return false;
	} finally {
		frappe.dom.unfreeze();
	}
}

function file_name(answer) {
	const match = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") || "");
	return match && match[1];
}

function save(blob, name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function show_failure(answer, title) {
	let messages = [];
	try {
		messages = JSON.parse((await answer.json())._server_messages).map(
			(text) => JSON.parse(text).message
		);
	} catch {
		messages = [__("The file could not be created. Try again.")];
	}
	frappe.msgprint({
		// Frappe's messages may have tags of their own, as in any dialog of its.
		message: String(joined(messages.map(raw))),
		title,
		indicator: "red",
	});
}
