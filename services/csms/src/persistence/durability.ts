import type { Pool } from 'pg';

/** reliability.md section 6: without these a power cut loses acknowledged bills. */
const REQUIRED_ON = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

export class DurabilityError extends Error {}

/** @throws DurabilityError that names every setting with which PostgreSQL could forget a commit. */
export async function assertDurable(pool: Pick<Pool, 'query'>): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1)',
    [REQUIRED_ON],
  );
  // Stronger levels of synchronous_commit wait for replicas too.
  const weak = rows.filter(({ setting }) => setting === 'off' || setting === 'local');
  if (weak.length > 0)
    throw new DurabilityError(
      `PostgreSQL would lose commits: ${weak.map(({ name, setting }) => `${name} = ${setting}`).join(', ')}`,
    );
}
