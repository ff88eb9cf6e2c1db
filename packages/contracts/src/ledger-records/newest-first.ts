/** 13 digits hold every millisecond until the year 2286. */
const DIGITS = 13;
const CEILING_MS = 10 ** DIGITS - 1;

/** Key part that sorts newest first: the 13-digit complement of an instant (epoch milliseconds). */
export function newestFirst(atMs: number): string {
  if (!Number.isSafeInteger(atMs) || atMs < 0 || atMs > CEILING_MS) throw new RangeError(`not an instant: ${atMs}`);
  return String(CEILING_MS - atMs).padStart(DIGITS, '0');
}

/** The instant (epoch milliseconds) behind a key part made by {@link newestFirst}. */
export function instantOf(part: string): number {
  if (!/^[0-9]{13}$/.test(part)) throw new RangeError(`not a time part of a key: ${part}`);
  return CEILING_MS - Number(part);
}
