// Where else the conversation can go on: links that are good once, in the place of the menu's entry. Loaded when asked for.

const NAMES = { telegram: "Telegram", whatsapp: "WhatsApp", messenger: "Messenger", sms: "SMS" };
const WORDS = {
  en: { page: "On another device", email: "By e-mail", none: "Not possible right now" },
  de: { page: "Auf einem anderen Gerät", email: "Per E-Mail", none: "Gerade nicht möglich" },
  es: { page: "En otro dispositivo", email: "Por correo electrónico", none: "No es posible ahora" },
  zh: { page: "在另一台设备上", email: "用电子邮件", none: "现在无法做到" },
};

export async function elsewhere(panel, entry) {
  const { talk, host } = panel;
  const names = { ...NAMES, ...WORDS[host.language] };
  const { links = {}, expires_at: end } = await talk.call("handovers", {}).catch(() => ({}));
  const shown = Object.entries(links).map(([place, href]) =>
    Object.assign(document.createElement("a"), { href, target: "_blank", rel: "noopener", textContent: names[place] }));
  if (!shown[0]) return panel.tell(names.none);
  // A link that was used, or is too old, leads nowhere: the entry gives another one.
  const back = () => {
    entry.hidden = false;
    if (shown.some((link) => link.matches(":focus"))) entry.focus();
    shown.forEach((link) => link.remove());
  };
  shown.forEach((link) => link.addEventListener("click", () => setTimeout(back)));
  setTimeout(back, Date.parse(end) - Date.now() - talk.state.skew);
  entry.after(...shown);
  shown[0].focus();
  entry.hidden = true;
}
