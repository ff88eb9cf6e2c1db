/** A time as PostgreSQL reads it in JSON. */
export function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
export function instantOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : instant(epochMs);
}
