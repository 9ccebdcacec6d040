/**
 * A part of a list of cases that are slow and alike: each is tried on one day in so many, all of them with
 * `EVERY_CASE=1`. What runs on every day has to cover what the cases have in common.
 *
 * @param days in how many days each comes once
 */
export function ofToday<T>(cases: readonly T[], days: number): readonly T[] {
  if (process.env['EVERY_CASE']) return cases;
  const today = Math.floor(Date.now() / 86_400_000) % days;
  return cases.filter((_, index) => index % days === today);
}

/**
 * Whether a slow test is tried today: one of so many that share the days, by its place among them. All are with
 * `EVERY_CASE=1`.
 */
export function isToday(place: number, days: number): boolean {
  return ofToday(
    Array.from({ length: days }).map((_, day) => day),
    days,
  ).includes(place);
}
