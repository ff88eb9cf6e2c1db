/** Epoch milliseconds as text that PostgreSQL reads as timestamptz without loss. */
export function instantText(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function instantTextOrNull(atMs: number | null): string | null {
  return atMs === null ? null : instantText(atMs);
}

export function bigintOrNull(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
