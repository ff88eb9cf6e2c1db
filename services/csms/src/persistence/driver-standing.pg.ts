import { DRIVER_STANDING_VIEW } from '@tallywatt/contracts';
import type { Pool } from 'pg';
import { StandingSource, type Standing } from '../sessions/driver-standing.js';

/** Reads what settlement publishes about accounts. */
export class PgStandingSource extends StandingSource {
  constructor(private readonly pool: Pool) {
    super();
  }

  override async changedSince(changeSeq: bigint, limit: number): Promise<readonly Standing[]> {
    const { rows } = await this.pool.query<{ ev_id: string; is_blocked: boolean; change_seq: string }>({
      name: 'csms_standing',
      text: `select ev_id, blocked or frozen as is_blocked, change_seq from ${DRIVER_STANDING_VIEW} where change_seq > $1 order by change_seq limit $2`,
      values: [changeSeq.toString(), limit],
    });
    return rows.map(({ ev_id, is_blocked, change_seq }) => ({
      evId: ev_id,
      isBlocked: is_blocked,
      changeSeq: BigInt(change_seq),
    }));
  }
}
