// The language of the page: a choice in its head, kept in the address.

export function switch_languages() {
	document.querySelectorAll("[data-language]").forEach((link) => {
		const address = new URL(window.location.href);
		address.searchParams.set("_lang", link.dataset.language);
		link.href = address;
	});
}
