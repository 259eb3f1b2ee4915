// Days as people read and write them. A day is "YYYY-MM-DD" of the shop's calendar; no time zone may move it.

const READ = new Intl.DateTimeFormat("en-GB", {
  weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});
const WRITTEN = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});

function parsed(day) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(typeof day === "string" ? day : "");
  if (!match) return null;
  const [year, month, date] = match.slice(1).map(Number);
  const instant = new Date(Date.UTC(year, month - 1, date));
  return instant.getUTCMonth() === month - 1 ? instant : null;
}

/** "Monday 16 March 2026", or null for what is no day. */
export function readable(day) {
  const instant = parsed(day);
  return instant && READ.format(instant).replace(",", "");
}

/** "16 March 2026": nobody has to guess which number is the month. Null for what is no day. */
export function written(day) {
  const instant = parsed(day);
  return instant && WRITTEN.format(instant);
}
