// A letter before it goes out: shown as it reads, and, for who may send it, with a button that turns its subject and
// text into fields. The table of items stays what the ledger says: a mark stands for it in the text.

import { html } from "../shared/html";
import { letter_frame } from "../shared/letter";
import { button } from "../shared/pieces";

const TYPING = 400;
const TABLE = /(<p>)?\{\{\s*items_table\s*\}\}(<\/p>)?/g;

export default class LetterEditor {
	/** letter: what the server says of it; caption: HTML above it; on_edit: called when editing begins. */
	constructor($place, letter, { caption = "", on_edit = () => {} } = {}) {
		Object.assign(this, { $place, on_edit });
		$place.html(
			String(html`<div class="cl-letter">
				${caption}
				<p><span class="text-muted">${__("Recipients")}</span> ${letter.to || __("No Address")}</p>
				<div class="cl-letter-notes"></div>
				<p class="cl-letter-subject"><b></b></p>
				<div class="cl-letter-fields"></div>
				<div class="cl-letter-place"></div>
			</div>`)
		);
		this.show(letter);
	}

	/** Show *letter*; what is being written stays. */
	show(letter) {
		this.letter = letter;
		this.find("notes").html(String(this.notes()));
		this.find("subject").children("b").text(letter.subject);
		if (this.fields) return this.redraw();
		letter_frame(this.find("place"), letter.message);
		if (letter.may_edit) this.add_button();
	}

	find(part) {
		return this.$place.find(`.cl-letter-${part}`);
	}

	notes() {
		const { edited_by, outdated } = this.letter;
		const warning = __(
			"The amounts of this letter have changed since it was edited. Check its text before it is sent."
		);
		return html`${
			outdated || this.changed
				? html`<p class="alert alert-warning" role="status">${warning}</p>`
				: ""
		}
			${edited_by ? html`<p class="text-muted small">${__("Edited by {0}", [edited_by])}</p>` : ""}`;
	}

	add_button() {
		if (this.$button) return;
		const edit = button("edit-letter", __("Edit Letter"));
		this.$button = $(String(edit))
			.on("click", () => this.edit())
			.insertAfter(this.find("subject"));
	}

	/** Turn subject and text into fields. */
	edit() {
		if (this.fields) return;
		this.$button?.remove();
		this.find("subject").hide();
		this.fields = new frappe.ui.FieldGroup({
			body: this.find("fields")[0],
			fields: [
				{
					fieldname: "subject",
					fieldtype: "Data",
					label: __("Subject"),
					length: 140,
					reqd: 1,
					default: this.letter.subject,
				},
				{
					fieldname: "text",
					fieldtype: "Text Editor",
					label: __("Message"),
					description: __(
						"{0} stands for the table of open items, which is filled in when the letter is sent.",
						[this.letter.table_mark]
					),
				},
			],
		});
		this.fields.make();
		const { subject, text } = this.fields.fields_dict;
		text.set_value(this.letter.text);
		leave_by_tab(text.quill.root);
		const redraw = frappe.utils.debounce(() => this.redraw(), TYPING);
		subject.$input.on("input", () => (this.touched = true));
		text.quill.on("text-change", (_delta, _before, source) => {
			if (source !== "user") return;
			this.touched = this.text_touched = true;
			redraw();
		});
		this.on_edit();
		subject.$input.trigger("focus");
	}

	redraw() {
		const message = this.text().replace(TABLE, () => this.letter.table);
		this.find("place").find("iframe").attr("srcdoc", message);
	}

	/** The editor rewrites what it is given, so an untouched text is the letter's own. */
	text() {
		const { text } = this.fields.fields_dict;
		return this.text_touched ? text.get_input_value() : this.letter.text;
	}

	/** What was made of the letter: {subject, message, figures}; null where nothing was. */
	edited() {
		const again = this.letter.outdated;
		if (!this.touched && !again) return null;
		const subject = this.fields ? this.fields.get_value("subject") : this.letter.subject;
		const message = this.fields ? this.text() : this.letter.text;
		return { subject, message, figures: this.letter.figures };
	}

	/** Take the letter as it is by now, after the server refused what was written for earlier figures. */
	renew(letter) {
		this.changed = letter.figures !== this.letter.figures;
		this.show(this.fields ? { ...letter, text: this.letter.text } : letter);
	}
}

/** Let Tab lead out of an editor, which would write one: who has no mouse could not reach the buttons. */
function leave_by_tab(editor) {
	const listener = (event) => event.key === "Tab" && event.stopImmediatePropagation();
	editor.addEventListener("keydown", listener, { capture: true });
}
