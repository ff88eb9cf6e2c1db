const UNITS_MS = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
const RELATIVE = /^now(?:([+-]\d{1,9})([smhd]))?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * The text of a time as a scenario's pile sends it. `now`, `now-30m`, `now+365d` count from the start of the run, for
 * piles with a live clock; an instant is written in the standard's form; anything else goes out as it is written.
 */
export function momentText(moment: string, startedAtMs: number): string {
  const relative = RELATIVE.exec(moment);
  if (relative !== null) {
    const [, amount = '0', unit = 's'] = relative;
    return new Date(startedAtMs + Number(amount) * (UNITS_MS.get(unit) ?? 0)).toISOString();
  }
  return INSTANT.test(moment) ? new Date(moment).toISOString() : moment;
}
