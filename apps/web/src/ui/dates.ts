const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const longDayAndYear = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });
const shortDate = new Intl.DateTimeFormat(undefined, { dateStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const dayLength = 86_400_000;

export function isSameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

function daysAgo(date: Date, now: Date): number {
  const start = (day: Date): number => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((start(now) - start(date)) / dayLength);
}

export const formatTime = (date: Date): string => time.format(date);
/** As narrow as a margin: without the halves of the day. */
export function formatClock(date: Date): string {
  const parts = time.formatToParts(date).filter(({ type }) => type !== "dayPeriod");
  return parts
    .map(({ value }) => value)
    .join("")
    .trim();
}

export const formatFull = (date: Date): string => full.format(date);

/** As short as a list needs it: the time today, then the weekday, then the date. */
export function formatBriefly(date: Date, now: Date): string {
  if (isSameDay(date, now)) return time.format(date);
  const days = daysAgo(date, now);
  if (days === 1) return capitalised(relative.format(-1, "day"));
  if (days < 7) return weekday.format(date);
  return date.getFullYear() === now.getFullYear() ? dayOfYear.format(date) : shortDate.format(date);
}

/** The heading of a day. */
export function formatDay(date: Date, now: Date): string {
  const days = daysAgo(date, now);
  if (days === 0 || days === 1) return capitalised(relative.format(-days, "day"));
  return (date.getFullYear() === now.getFullYear() ? longDay : longDayAndYear).format(date);
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
