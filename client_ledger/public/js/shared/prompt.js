// Dialogs that ask for something and send it: what was written is there until the server has taken it.

import { attempt } from "./ask";

/** Ask for *fields* and send them. Where the server refuses, its message is on the screen and the dialog stays as it was filled in.

send(values): asks the server. done(answer, values): called when it has agreed and the dialog is closed.
*/
export function prompt({ title, fields, label = __("Save"), send, done = () => {} }) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields: [fields].flat(),
		primary_action_label: label,
		primary_action: (values) =>
			once(
				dialog,
				() => send(values),
				(answer) => done(answer, values)
			),
	});
	dialog.show();
	return dialog;
}

/** Do *work* once, however often it is clicked, and close the dialog when the server agreed. done(answer): called then. */
export async function once(dialog, work, done) {
	const $button = dialog.get_primary_btn();
	if ($button.prop("disabled")) return;
	$button.prop("disabled", true);
	let answer;
	try {
		const agreed = await attempt(async () => {
			answer = await work();
		});
		if (!agreed) return;
	} finally {
		$button.prop("disabled", false);
	}
	dialog.hide();
	done(answer);
}
