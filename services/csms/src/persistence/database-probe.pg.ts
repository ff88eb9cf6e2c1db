import type { Pool } from 'pg';
import { DatabaseProbe } from '../health/database-probe.js';

/** A database that needs longer is not ready for traffic. */
const PROBE_TIMEOUT_MS = 2_000;

export class PgDatabaseProbe extends DatabaseProbe {
  constructor(private readonly pool: Pool) {
    super();
  }

  async answers(): Promise<boolean> {
    const late = new Promise<false>((resolve) => setTimeout(resolve, PROBE_TIMEOUT_MS, false).unref());
    const asked = this.pool.query('select 1').then(
      () => true,
      () => false,
    );
    return Promise.race([asked, late]);
  }
}
