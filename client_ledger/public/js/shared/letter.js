// A message as it goes out, in a frame of its own without scripts: a template is somebody's text, not ours.

import { html } from "./html";

/** Show *message* in $place, with a *note* beneath it. */
export function letter_frame($place, message, note = "") {
	$place.html(
		String(html`<iframe class="cl-letter-body" sandbox="" title="${__("Message")}"
			style="width:100%;min-height:380px;border:1px solid var(--border-color);border-radius:8px;background:#fff"></iframe>
			${note ? html`<p class="text-muted small">${note}</p>` : ""}`)
	);
	$place.find("iframe").attr("srcdoc", message);
}
