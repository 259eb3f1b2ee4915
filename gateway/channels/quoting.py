"""What somebody wrote themselves in an e-mail, without what they answered and without their signature."""

from __future__ import annotations

import re

_ENDS = re.compile(
    r"^(?:-- ?$|-{2,} ?(?:original message|ursprüngliche nachricht|message d'origine)|_{20,}$"
    r"|(?:on|am|le|el|il|op) .{6,200}(?:wrote|schrieb|écrit|escribió|scritto|schreef).{0,80}:\s*$"
    r"|from: .+@|von: .+@)",
    re.I,
)


def own_words(text: str) -> str:
    """The lines above the first quotation or signature; quoted lines among them are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for place, line in enumerate(lines):
        # The line that announces a quotation may be broken in two.
        broken = f"{line.strip()} {lines[place + 1].strip()}" if place + 1 < len(lines) and line.strip() else ""
        if _ENDS.match(line) or _ENDS.match(broken):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()
