// Which automation is due when, by the days of this browser's zone.

const DAY = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });

/** A day of the calendar, as 2026-12-01. */
export const dayOf = (at) => DAY.format(at);

/**
 * The days from `now` on, each with what is due in it, the earliest first.
 * `due` are automations with their next times: `{ automation, at: [ms, …] }`.
 */
export function days(due, now, count) {
  const first = new Date(now);
  const all = Array.from({ length: count }, (_, i) => {
    const noon = new Date(first.getFullYear(), first.getMonth(), first.getDate() + i, 12);
    return { day: dayOf(noon), noon: noon.getTime(), times: [] };
  });
  const byDay = new Map(all.map((one) => [one.day, one]));
  for (const { automation, at } of due) {
    for (const time of at) {
      byDay.get(dayOf(time))?.times.push({ at: time, automation });
    }
  }
  all.forEach((one) => one.times.sort((a, b) => a.at - b.at));
  return all;
}
