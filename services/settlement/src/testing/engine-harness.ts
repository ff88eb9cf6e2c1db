import { Clock } from '../clock.js';
import type { LedgerPort } from '../ledger/ledger.port.js';
import { SystemRandomness } from '../randomness.js';
import { SettlementEngine } from '../settlement-engine.js';
import type { SettlementDatabase } from './test-database.js';

/** Real time, and as much more as a spec has added. */
export class ShiftedClock extends Clock {
  private shiftMs = 0;

  override nowMs(): number {
    return Date.now() + this.shiftMs;
  }

  advance(ms: number): void {
    this.shiftMs += ms;
  }
}

export interface OutcomeRow {
  readonly state: string;
  readonly code: string | null;
  readonly total_minor: string | null;
  readonly tx_id: string | null;
  readonly attempt: number;
}

/** Lives of the settlement service over one database and one ledger: each `begin` is a restart. */
export class EngineHarness {
  readonly clock = new ShiftedClock();
  readonly moved: bigint[] = [];
  private current: SettlementEngine | undefined;

  constructor(
    readonly base: SettlementDatabase,
    readonly ledger: LedgerPort,
  ) {}

  get engine(): SettlementEngine {
    if (!this.current) throw new Error('no life has begun');
    return this.current;
  }

  /** Ends the life before as a kill would leave it, and starts the next one. */
  async begin(): Promise<SettlementEngine> {
    await this.end();
    const signal = { moved: (blockNumber: bigint) => void this.moved.push(blockNumber) };
    const { clock, ledger } = this;
    const { database } = this.base;
    this.current = new SettlementEngine({
      database,
      ledger,
      signal,
      clock,
      randomness: new SystemRandomness(),
      operators: undefined,
    });
    await this.current.start();
    return this.current;
  }

  async end(): Promise<void> {
    await this.current?.stop();
    this.current = undefined;
  }

  async outcome(settlementId: string): Promise<OutcomeRow | undefined> {
    const [row] = await this.base.database.rows<OutcomeRow>(
      'select state, code, total_minor, tx_id, attempt from settlement.settlement_outcome where settlement_id = $1',
      [settlementId],
    );
    return row;
  }

  async state(settlementId: string): Promise<string | undefined> {
    return (await this.outcome(settlementId))?.state;
  }

  /** States in the order of the live log, without `submitted`: a quick verdict overtakes it. */
  async steps(settlementId: string): Promise<string[]> {
    const rows = await this.base.database.rows<{ state: string; code: string | null }>(
      'select state, code from settlement.settlement_step where settlement_id = $1 order by seq',
      [settlementId],
    );
    return rows
      .filter((row) => row.state !== 'submitted')
      .map((row) => (row.code === null ? row.state : `${row.state}(${row.code})`));
  }

  async count(sql: string): Promise<number> {
    const [row] = await this.base.database.rows<{ count: string }>(`select count(*) as count from ${sql}`);
    return Number(row?.count);
  }
}
