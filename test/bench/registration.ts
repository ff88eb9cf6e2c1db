import { createHash, createHmac } from 'node:crypto';
import type { PileAddress } from './bench-pile.js';
import type { BenchProduct } from './bench-product.js';

const KEY_BYTES = 20;
const SALT = Buffer.alloc(16, 7);

/** A key that both sides can derive: it guards nothing but this run. */
function keyOf(id: string): Buffer {
  return createHash('sha256').update(id).digest().subarray(0, KEY_BYTES);
}

export interface PileKind {
  readonly stationId: string;
  readonly operatorId: string;
  readonly connectors: number;
  /** `recorded` piles have no limit of messages per second. */
  readonly clock: 'live' | 'recorded';
}

/** Registers simulated piles in one statement: the API would hash and audit 10,000 times. */
export async function registerPiles(running: BenchProduct, count: number, kind: PileKind): Promise<PileAddress[]> {
  const ids = Array.from({ length: count }, (_, index) => `BENCH-${index}`);
  const digests = ids.map((id) => createHmac('sha256', running.pepper).update(SALT).update(keyOf(id)).digest());
  await running.owner.query(
    `insert into csms.charge_point (charge_point_id, operator_id, station_id, clock, simulated, credential_digest, credential_salt)
     select id, $3, $4, $5, true, digest, $6 from unnest($1::text[], $2::bytea[]) as x(id, digest)`,
    [ids, digests, kind.operatorId, kind.stationId, kind.clock, SALT],
  );
  await running.owner.query(
    `insert into csms.connector (charge_point_id, connector_id, rated_power_w, type)
     select id, connector_id, 120000, 'DC' from unnest($1::text[]) as x(id), generate_series(1, $2) as connector_id`,
    [ids, kind.connectors],
  );
  return ids.map((id) => ({ id, port: running.ocppPort, password: keyOf(id).toString('hex') }));
}

/** A station of the operator, through the API. */
export async function registerStation(running: BenchProduct, operatorId: string): Promise<string> {
  const stationId = `BENCH-${operatorId}`;
  await post(running, 'operator', operatorId, '/v1/stations', {
    stationId,
    operatorId,
    name: 'Under load',
    peerNode: `${operatorId}-peer0`,
    tariffId: `${operatorId}-TOU`,
    timeZone: 'Asia/Shanghai',
    latitudeE6: 39_084_000,
    longitudeE6: 117_200_000,
    piles: [{ type: 'DC', count: 1 }],
  });
  return stationId;
}

/** Ledger accounts with a deposit and one tag each, named like the account. */
export async function openAccounts(running: BenchProduct, operatorId: string, count: number): Promise<string[]> {
  const evIds = Array.from({ length: count }, (_, index) => `EV-${operatorId}-${index}`);
  const waiting = [...evIds];
  const open = async (): Promise<void> => {
    for (let evId = waiting.pop(); evId !== undefined; evId = waiting.pop()) {
      const account = { evId, operatorId, idTags: [{ idTag: evId }], maxConcurrentSessions: 1000 };
      await post(running, 'operator', operatorId, '/v1/accounts', account);
      const deposit = { amountMinor: '100000000' };
      await post(running, 'finance', operatorId, `/v1/accounts/${evId}/deposits`, deposit, { 'idempotency-key': evId });
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, open));
  return evIds;
}
const OPENED_AT_ONCE = 16;

async function post(
  running: BenchProduct,
  role: 'operator' | 'finance',
  operatorId: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await running.product.api('POST', path, running.product.tokenOf(role, operatorId), body, headers);
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
