"""Checks an exported archive. It needs Python 3 and nothing else: python3 check.py, in the unpacked folder."""

import hashlib
import json
from pathlib import Path


def sha256(path):
	return hashlib.sha256(path.read_bytes()).hexdigest()


wrong, last = [], None
manifest = json.loads(Path("manifest.json").read_text(encoding="utf-8"))
for line in Path("entries.jsonl").read_text(encoding="utf-8").splitlines():
	entry = json.loads(line)
	number, previous, content = entry["sequence"], entry["previous_hash"], entry["content_hash"]
	own = hashlib.sha256(f"{previous} {number} {content}".encode()).hexdigest()
	follows = last is None or number != last[0] + 1 or previous == last[1]
	if own != entry["entry_hash"] or not follows:
		wrong.append(f"entry {number}: chain")
	if not entry["purged"]:
		path = Path(f"content/{number:08}.json")
		said = json.loads(path.read_text(encoding="utf-8"))
		if sha256(path) != content or sha256(Path(f"figures/{number:08}.json")) != said["figures"]:
			wrong.append(f"entry {number}: content or figures")
		for file in said["files"]:
			kept = Path("files") / file["sha256"]
			if not kept.exists() or sha256(kept) != file["sha256"]:
				wrong.append(f"entry {number}: file {file['name']}")
	last = (number, own)
if manifest["whole"] and last and (last[0], last[1]) != (manifest["sequence"], manifest["head"]):
	wrong.append("the last entry is not the head in manifest.json")
print(
	"\n".join(wrong)
	or f"intact: {manifest['entries']} entries, head {manifest['sequence']}:{manifest['head']}"
)
raise SystemExit(bool(wrong))
