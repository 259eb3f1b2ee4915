// The widget's own words: one file a language, loaded when it is chosen. The assistant itself speaks English.

export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español", zh: "简体中文" };

/** The first of these that there are words for: what was asked for, the page's language, the reader's. */
export function chosenLanguage(asked) {
  const wanted = [asked, document.documentElement.lang, ...navigator.languages].map((one) => one?.split(/[-_]/)[0].toLowerCase());
  return wanted.find((one) => Object.hasOwn(LANGUAGES, one ?? "")) ?? "en";
}

export async function wordsIn(language) {
  return (await import(`./words/${language}.js`)).default;
}
