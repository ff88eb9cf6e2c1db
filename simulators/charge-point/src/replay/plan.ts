import { CHARGE_POINT_ID_PATTERN, ID_TAG_LENGTH_MAX } from '@tallywatt/contracts';
import type { RecordedRow } from './recording.js';

const MS_PER_MINUTE = 60_000;
const MS_PER_SECOND = 1000;
/** The tag that a row without a user shows: no account has it. */
export const UNKNOWN_ID_TAG = 'REPLAY-NOBODY';

export interface PlannedPile {
  readonly pileId: string;
  readonly operatorId: string;
  readonly stationId: string;
  readonly model: string;
  readonly ratedPowerW: number;
  readonly connectorIds: readonly number[];
}

export interface PlannedUser {
  readonly evId: string;
  readonly idTag: string;
  readonly operatorId: string;
  /** Σ of the positive energies: what the deposit has to cover at the dearest price. */
  readonly energyWh: number;
  readonly sessions: number;
}

/** One row as the OCPP session that will be played. */
export interface PlannedSession {
  readonly row: RecordedRow;
  readonly pileId: string;
  readonly idTag: string;
  readonly startMs: number;
  readonly meterStartWh: number;
  readonly stop: { readonly endMs: number; readonly meterStopWh: number } | undefined;
}

export interface Plan {
  readonly piles: readonly PlannedPile[];
  readonly users: readonly PlannedUser[];
  /** In file order. */
  readonly sessions: readonly PlannedSession[];
}

/**
 * Decides everything before the first frame, from the file alone, so that a second replay sends the same frames:
 * operators by a hash of the id (so that part of a file agrees with the whole), registers running per connector in file order, and one second more for every
 * further row of the same connector and minute.
 */
export function planReplay(
  rows: readonly RecordedRow[],
  operatorIds: readonly string[],
  registerStartWh: number,
): Plan {
  const operatorOf = (key: string): string => operatorIds[stableHash(key) % operatorIds.length] ?? '';
  return {
    piles: planPiles(rows, operatorOf),
    users: planUsers(rows, operatorOf),
    sessions: planSessions(rows, registerStartWh),
  };
}

export function stationIdOf(operatorId: string): string {
  return `REPLAY-${operatorId}`;
}

function pileIdOf(chargePointId: string): string {
  const pileId = `REPLAY-${chargePointId.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;
  if (!CHARGE_POINT_ID_PATTERN.test(pileId)) throw new Error(`${chargePointId} is too long for a charge point id`);
  return pileId;
}

function idTagOf(userId: string | undefined): string {
  if (userId === undefined) return UNKNOWN_ID_TAG;
  if (userId.length > ID_TAG_LENGTH_MAX) throw new Error(`user ${userId} is longer than an idTag`);
  return userId;
}

/** FNV-1a. */
function stableHash(key: string): number {
  let hash = 0x811c9dc5;
  for (const letter of key) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function planPiles(rows: readonly RecordedRow[], operatorOf: (key: string) => string): PlannedPile[] {
  const byPile = groupByChargePoint(rows);
  return [...byPile].map(([chargePointId, own]) => {
    const operatorId = operatorOf(chargePointId);
    return {
      pileId: pileIdOf(chargePointId),
      operatorId,
      stationId: stationIdOf(operatorId),
      model: own[0]?.model ?? '',
      ratedPowerW: Math.max(...own.map((row) => row.ratedPowerW)),
      connectorIds: [...new Set(own.map((row) => row.connectorId))].sort((a, b) => a - b),
    };
  });
}

function groupByChargePoint(rows: readonly RecordedRow[]): Map<string, RecordedRow[]> {
  const groups = new Map<string, RecordedRow[]>();
  for (const row of rows) {
    const group = groups.get(row.chargePointId);
    if (group === undefined) groups.set(row.chargePointId, [row]);
    else group.push(row);
  }
  return groups;
}

function planUsers(rows: readonly RecordedRow[], operatorOf: (key: string) => string): PlannedUser[] {
  const totals = new Map<string, { energyWh: number; sessions: number }>();
  for (const { userId, stop } of rows) {
    if (userId === undefined) continue;
    const total = totals.get(userId) ?? { energyWh: 0, sessions: 0 };
    totals.set(userId, { energyWh: total.energyWh + Math.max(0, stop?.energyWh ?? 0), sessions: total.sessions + 1 });
  }
  return [...totals].map(([userId, total]) => ({
    evId: `REPLAY-${userId.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`,
    idTag: idTagOf(userId),
    operatorId: operatorOf(userId),
    ...total,
  }));
}

function planSessions(rows: readonly RecordedRow[], registerStartWh: number): PlannedSession[] {
  const registers = new Map<string, number>();
  const rowsInMinute = new Map<string, number>();
  return rows.map((row) => {
    const connector = `${row.chargePointId}/${row.connectorId}`;
    const minute = `${connector}/${Math.floor(row.startMs / MS_PER_MINUTE)}`;
    const earlier = rowsInMinute.get(minute) ?? 0;
    rowsInMinute.set(minute, earlier + 1);
    const startMs = row.startMs + earlier * MS_PER_SECOND;
    const meterStartWh = registers.get(connector) ?? registerStartWh;
    // A row that nobody may charge for moves no energy, and a rolled back register is replaced, not used.
    const countedWh = row.userId === undefined ? 0 : Math.max(0, row.stop?.energyWh ?? 0);
    registers.set(connector, meterStartWh + countedWh);
    return {
      row,
      pileId: pileIdOf(row.chargePointId),
      idTag: idTagOf(row.userId),
      startMs,
      meterStartWh,
      stop:
        row.stop === undefined
          ? undefined
          : { endMs: Math.max(startMs, row.stop.endMs), meterStopWh: meterStartWh + row.stop.energyWh },
    };
  });
}
