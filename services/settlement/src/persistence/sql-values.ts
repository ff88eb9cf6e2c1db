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

/**
 * Rows for `jsonb_to_recordset`. PostgreSQL's text holds no U+0000, and one name on the ledger must not stop the
 * projection of all blocks: it is shown as U+FFFD.
 */
export function recordset(rows: readonly object[]): string {
  return JSON.stringify(rows).replaceAll('\\u0000', '\\ufffd');
}
