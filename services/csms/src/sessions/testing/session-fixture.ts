import type { Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/database.js';
import type { CallContext } from '../../ocpp/handles.decorator.js';
import { createPool } from '../../persistence/database.js';
import { migrate } from '../../persistence/migrate.js';
import { PgSessionRepository } from '../../persistence/session-repository.pg.js';
import { StoreCircuit } from '../../persistence/store-circuit.js';
import { ChargePointStore, type ChargePoint } from '../../piles/charge-point.js';
import { TagAuthorisation } from '../authorisation.js';
import { Clock } from '../clock.js';
import { DriverStanding, StandingSource, type Standing } from '../driver-standing.js';
import { InferEndings } from '../infer-endings.js';
import { RecordMeterValues } from '../record-meter-values.js';
import { StartSession } from '../start-session.js';
import { StopSession } from '../stop-session.js';
import { RandomTransactionIds, TransactionIds } from '../transaction-id.js';

export const NOON_MS = Date.UTC(2026, 5, 1, 12);

export class FixedClock extends Clock {
  now = NOON_MS;
  override nowMs(): number {
    return this.now;
  }
}

export class FakeStanding extends StandingSource {
  rows: Standing[] = [];
  override async changedSince(changeSeq: bigint): Promise<readonly Standing[]> {
    return this.rows.filter((row) => row.changeSeq > changeSeq);
  }
}

export function pile(chargePointId: string, changes: Partial<ChargePoint> = {}): ChargePoint {
  return {
    chargePointId,
    operatorId: 'TELD',
    stationId: 'TELD-1',
    connectors: [
      { connectorId: 1, ratedPowerW: 22_000, type: 'AC' },
      { connectorId: 2, ratedPowerW: 22_000, type: 'AC' },
    ],
    clock: 'live',
    simulated: false,
    strict: false,
    subprotocolOptional: false,
    securityProfile: 1,
    ...changes,
  };
}

/** One database, the real repository, the use cases on top of it. */
export class SessionFixture {
  readonly clock = new FixedClock();
  readonly standingSource = new FakeStanding();
  readonly standing = new DriverStanding(this.standingSource, this.clock);
  readonly piles = new Map<string, ChargePoint>();
  readonly repository: PgSessionRepository;
  readonly starts: StartSession;
  readonly stops: StopSession;
  readonly meters: RecordMeterValues;
  readonly endings: InferEndings;
  readonly authorisation: TagAuthorisation;
  private messages = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly pool: Pool,
    ids: TransactionIds,
  ) {
    this.repository = new PgSessionRepository(pool, new StoreCircuit());
    const policy = { standingAgeMsMax: Infinity, whenStale: 'accept' } as const;
    this.authorisation = new TagAuthorisation(this.repository, this.standing, this.clock, policy);
    this.starts = new StartSession(this.repository, this.authorisation, ids);
    this.stops = new StopSession(this.repository);
    this.meters = new RecordMeterValues(this.repository);
    const store = {
      find: async (id: string) => this.piles.get(id),
      findCredential: async () => undefined,
    } satisfies ChargePointStore;
    this.endings = new InferEndings(this.repository, store, this.clock);
  }

  static async create(ids: TransactionIds = new RandomTransactionIds()): Promise<SessionFixture> {
    const database = await createTestDatabase();
    await migrate(database.url);
    return new SessionFixture(database, createPool(database.url), ids);
  }

  async destroy(): Promise<void> {
    await this.repository.drain();
    await this.pool.end();
    await this.database.drop();
  }

  async addPile(chargePoint: ChargePoint): Promise<ChargePoint> {
    this.piles.set(chargePoint.chargePointId, chargePoint);
    const { chargePointId, operatorId, stationId, clock, simulated } = chargePoint;
    await this.pool.query(
      `insert into csms.charge_point (charge_point_id, operator_id, station_id, clock, simulated, credential_digest, credential_salt)
       values ($1, $2, $3, $4, $5, '', '')`,
      [chargePointId, operatorId, stationId, clock, simulated],
    );
    return chargePoint;
  }

  async addTag(idTag: string, maxConcurrentSessions = 1, expiresAt: Date | null = null): Promise<void> {
    const evId = `EV-${idTag}`;
    await this.pool.query('insert into csms.account values ($1, $2, $3) on conflict do nothing', [
      evId,
      'STAR',
      maxConcurrentSessions,
    ]);
    await this.pool.query(
      'insert into csms.id_tag (id_tag_key, id_tag, ev_id, operator_id, expires_at) values ($1, $2, $3, $4, $5)',
      [idTag.toLowerCase(), idTag, evId, 'STAR', expiresAt],
    );
  }

  /** A fresh message id each time unless one is given: retries may come with either. */
  context(chargePoint: ChargePoint, payload: unknown, changes: Partial<CallContext> = {}): CallContext {
    const messageId = changes.messageId ?? `m-${++this.messages}`;
    return {
      chargePoint,
      messageId,
      rawFrame: JSON.stringify([2, messageId, 'any', payload]),
      receivedAtMs: this.clock.now,
      flags: [],
      schemaValid: true,
      ...changes,
    };
  }

  start(chargePoint: ChargePoint, payload: object, changes: Partial<CallContext> = {}) {
    return this.starts.start(payload, this.context(chargePoint, payload, changes));
  }
  stop(chargePoint: ChargePoint, payload: object, changes: Partial<CallContext> = {}) {
    return this.stops.stop(payload, this.context(chargePoint, payload, changes));
  }
  meter(chargePoint: ChargePoint, payload: object, changes: Partial<CallContext> = {}) {
    return this.meters.record(payload, this.context(chargePoint, payload, changes));
  }

  async rows<R extends object = Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>(text, [...values])).rows;
  }
  facts(chargePointId: string) {
    return this.rows('select * from csms.settlement_fact where charge_point_id = $1 order by change_seq', [
      chargePointId,
    ]);
  }
  sessions(chargePointId: string) {
    return this.rows('select * from csms.session where charge_point_id = $1 order by start_received_at, started_at', [
      chargePointId,
    ]);
  }
}

/** ISO text of a time some minutes after {@link NOON_MS}. */
export function at(minutes: number): string {
  return new Date(NOON_MS + minutes * 60_000).toISOString();
}
export function startPayload(changes: object = {}): object {
  return { connectorId: 1, idTag: 'CARD-1', meterStart: 1000, timestamp: at(-60), ...changes };
}
export function stopPayload(transactionId: number, changes: object = {}): object {
  return { transactionId, meterStop: 8000, timestamp: at(-10), ...changes };
}
export function meterPayload(
  transactionId: number | undefined,
  readings: readonly (readonly [number, number])[],
  changes: object = {},
): object {
  const meterValue = readings.map(([minutes, wattHours]) => ({
    timestamp: at(minutes),
    sampledValue: [{ value: String(wattHours) }],
  }));
  return { connectorId: 1, ...(transactionId === undefined ? {} : { transactionId }), meterValue, ...changes };
}

/** Names that no other test of the file uses. */
export class Names {
  private count = 0;

  constructor(private readonly fixture: () => SessionFixture) {}

  pile(changes: Partial<ChargePoint> = {}): Promise<ChargePoint> {
    return this.fixture().addPile(pile(`CP-${++this.count}`, changes));
  }
  async tag(maxConcurrentSessions = 1, expiresAt: Date | null = null): Promise<string> {
    const idTag = `Tag-${++this.count}`;
    await this.fixture().addTag(idTag, maxConcurrentSessions, expiresAt);
    return idTag;
  }
}
