// A conversation goes on elsewhere, or here: by links whose code is good once.

import { post } from "/widget/api.js";
import { h } from "/widget/dom.js";

const NAMES = { telegram: "Telegram", whatsapp: "WhatsApp", messenger: "Messenger", sms: "SMS" };
const WORDS = {
  en: { elsewhere: "Continue elsewhere", page: "On another device", email: "By e-mail", none: "Not possible right now" },
  de: { elsewhere: "Woanders weiterreden", page: "Auf einem anderen Gerät", email: "Per E-Mail", none: "Gerade nicht möglich" },
  es: { elsewhere: "Continuar en otro sitio", page: "En otro dispositivo", email: "Por correo electrónico", none: "No es posible ahora" },
  zh: { elsewhere: "换个地方继续", page: "在另一台设备上", email: "用电子邮件", none: "现在无法做到" },
};

/** An entry for the menu of `panel`; pressed, the places where its conversation can go on stand there instead. */
export function offer({ talk, host, menu, over }) {
  if (over.previousElementSibling?.dataset.moving) return;
  const names = { ...NAMES, ...WORDS[host.language] };
  const entry = h("button", { click: () => places(talk, names, entry) }, names.elsewhere);
  entry.dataset.moving = true;
  menu.insertBefore(entry, over);
}

async function places(talk, names, entry) {
  const { links } = await talk.withToken((token) => post(`${talk.api}handovers`, token, {})).catch(() => ({ links: {} }));
  const found = Object.entries(links).map(([place, href]) =>
    h("a.link", { href, target: "_blank", rel: "noopener" }, names[place]));
  entry.replaceWith(...(found.length ? found : [h("span", null, names.none)]));
}

/** Take up in `talk` what was said elsewhere, by the code of its link; the events bring it. */
export async function goOn(talk, code) {
  await talk.ready;
  const { token } = await post(`${talk.api}handovers/take`, null, { code });
  talk.startOver();
  talk.change((state) => { Object.assign(state, { token, session: 1 }); });
  talk.nudge();
}
