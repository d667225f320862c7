/** A number as a moment; `undefined` when it is none that a calendar has, such as one that a peer made up. */
export function momentOf(at: unknown): Date | undefined {
  const date = new Date(typeof at === "number" ? at : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const timeOfDay = { hour: "numeric", minute: "2-digit" } as const;

/** The time of day. In the language of the browser, or in `locale`. */
export function timeText(moment: Date, locale?: string): string {
  return moment.toLocaleTimeString(locale, timeOfDay);
}

/** The time of day; with the day when it was another one than `now`. In the language of the browser, or in `locale`. */
export function whenText(moment: Date, now: Date, locale?: string): string {
  const isToday = moment.toDateString() === now.toDateString();
  const day = isToday ? {} : ({ month: "short", day: "numeric" } as const);
  return moment.toLocaleString(locale, { ...day, ...timeOfDay });
}
