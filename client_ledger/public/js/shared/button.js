// Buttons on forms, lists and reports: Frappe keeps one disabled until what it did has ended well, so what is refused must end here.

import { attempt } from "./ask";

/** Add a button to a form or a page, which does *work*; return it. group: of a menu of buttons. */
export function add_button(where, label, work, group) {
	const once_done = () => attempt(work);
	return where.add_custom_button
		? where.add_custom_button(label, once_done, group)
		: where.add_inner_button(label, once_done, group);
}
