// What was said, as a text file that the customer keeps.

import { h } from "./dom.js";

export function saveTranscript(talk, words, lang) {
  const time = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
  const lines = talk.items.map(({ from, at, text, attachments }) =>
    `${time.format(new Date(at))}  ${words.speakers[from]}: ${text || words.nPictures(attachments?.length ?? 0)}`);
  const url = URL.createObjectURL(new Blob([lines.join("\r\n\r\n")], { type: "text/plain;charset=utf-8" }));
  h("a", { href: url, download: `${talk.shop}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
