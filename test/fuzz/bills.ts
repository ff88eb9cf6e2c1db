import type { SaidByFuzz } from './garbage.js';
import type { HonestSession } from './honest-charger.js';
import type { Sql } from './world.js';

/** What is, or is about to be, billed for one session. */
export interface Billed {
  readonly settlementId: string;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number;
  readonly evId: string;
  readonly meterStartWh: number;
  readonly meterStopWh: number;
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface BillVerdict {
  /** Honest sessions with exactly their bill. */
  readonly right: number;
  /** Bills that the fuzz brought about by a complete, credible session. */
  readonly credible: number;
  readonly wrong: readonly string[];
}

const COLUMNS = `charge_point_id as "chargePointId", connector_id as "connectorId", transaction_id::float8 as "transactionId",
  meter_start_wh::float8 as "meterStartWh", meter_stop_wh::float8 as "meterStopWh"`;
const TIME = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** In csms a bill is a settlement request that is not held: settlement prices it as it stands. */
export async function requested(sql: Sql): Promise<Billed[]> {
  return (await sql(
    `select settlement_id as "settlementId", ev_id as "evId", ${COLUMNS},
       ${TIME('started_at')} as "startedAt", ${TIME('ended_at')} as "endedAt"
     from csms.settlement_fact where hold_reason is null`,
  )) as Billed[];
}

/** Bills on the ledger, as projected; the block checker compares projection and blocks. */
export async function billed(sql: Sql): Promise<Billed[]> {
  return (await sql(
    `select b.bill_id as "settlementId", b.ev_id as "evId", s.charge_point_id as "chargePointId", s.connector_id as "connectorId",
       s.transaction_id::float8 as "transactionId", b.meter_start_wh::float8 as "meterStartWh", b.meter_stop_wh::float8 as "meterStopWh",
       ${TIME('b.started_at')} as "startedAt", ${TIME('b.ended_at')} as "endedAt"
     from settlement.bill b join settlement.settlement s on s.settlement_id = b.bill_id`,
  )) as Billed[];
}

/** Every honest session has exactly one bill, with its own numbers; every other bill was asked for by a credible session. */
export function judgeBills(
  bills: readonly Billed[],
  honest: readonly HonestSession[],
  said: ReadonlyMap<string, SaidByFuzz>,
): BillVerdict {
  const left = new Map<string, Billed[]>();
  for (const bill of bills) left.set(keyOf(bill), [...(left.get(keyOf(bill)) ?? []), bill]);
  const wrong: string[] = [];
  let right = 0;
  for (const session of honest) {
    const own = left.get(keyOf(session)) ?? [];
    left.delete(keyOf(session));
    const [bill] = own;
    if (own.length !== 1 || bill === undefined) wrong.push(`${keyOf(session)} has ${own.length} bills instead of one`);
    else if (contentOf(bill) !== contentOf({ ...session, connectorId: 1, evId: session.idTag }))
      wrong.push(`${keyOf(session)} is billed ${contentOf(bill)}, its charger said ${JSON.stringify(session)}`);
    else right += 1;
  }
  const others = [...left.values()].flat();
  const incredible = others.filter((bill) => said.get(bill.chargePointId)?.justifies(bill) !== true);
  wrong.push(...incredible.map((bill) => `nobody said what is billed: ${JSON.stringify(bill)}`));
  return { right, credible: others.length - incredible.length, wrong };
}

function keyOf({ chargePointId, transactionId }: { chargePointId: string; transactionId: number }): string {
  return `${chargePointId}/${transactionId}`;
}

function contentOf(bill: Omit<Billed, 'settlementId'>): string {
  const { connectorId, evId, meterStartWh, meterStopWh, startedAt, endedAt } = bill;
  return JSON.stringify([connectorId, evId, meterStartWh, meterStopWh, startedAt, endedAt]);
}
