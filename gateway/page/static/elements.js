// Making elements. Text is only ever set as text, so nothing anybody said can become markup.

/** An element with a class, and text or children. */
export function element(tag, className, content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (typeof content === "string") made.textContent = content;
  else if (Array.isArray(content)) made.append(...content.filter(Boolean));
  return made;
}

/** A button that never submits a form. */
export function button(className, label, onClick) {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}
