import pg from 'pg';

/** reliability.md section 6: without these a power cut loses acknowledged bills. */
const REQUIRED_ON = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

export class DurabilityError extends Error {}

/** Looks at the server before the service starts. @throws DurabilityError */
export async function checkDurability(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'tallywatt-csms-start' });
  await client.connect();
  try {
    const { rows } = await client.query<Setting>('select name, setting from pg_settings where name = any($1)', [
      REQUIRED_ON,
    ]);
    assertDurable(rows);
  } finally {
    await client.end();
  }
}

interface Setting {
  readonly name: string;
  readonly setting: string;
}

/** @throws DurabilityError that names every setting with which PostgreSQL could forget a commit. */
export function assertDurable(settings: readonly Setting[]): void {
  // Stronger levels of synchronous_commit wait for replicas too.
  const weak = settings.filter(({ setting }) => setting === 'off' || setting === 'local');
  if (weak.length === 0) return;
  const named = weak.map(({ name, setting }) => `${name} = ${setting}`).join(', ');
  throw new DurabilityError(`PostgreSQL would lose commits: ${named}`);
}
