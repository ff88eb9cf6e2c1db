import type { Row } from './dundee.js';

/** ocpp.md "Transactions": ΔWh ≤ rated power × (duration + 60 s) × 1.2. */
const GRACE_S = 60;
const TOLERANCE_TENTHS = 12;

interface Interval {
  readonly startS: number;
  readonly endS: number;
}

/** The class of every row in file order, from the rows and the written rules alone. */
export function predict(rows: readonly Row[]): Map<string, string> {
  const stoppedOn = new Map<string, Interval[]>();
  return new Map(
    rows.map((row) => {
      const connector = `${row.pile}/${row.connector}`;
      const stopped = stoppedOn.get(connector) ?? [];
      stoppedOn.set(connector, stopped);
      const rowClass = classOf(row, stopped);
      // Only a session that a real Stop has ended can show an overlap; a refused tag moves no energy.
      if (row.user !== '' && row.stop !== undefined) stopped.push({ startS: row.startS, endS: row.stop.endS });
      return [row.sessionId, rowClass];
    }),
  );
}

function classOf(row: Row, stopped: readonly Interval[]): string {
  if (row.user === '') return 'refused:Invalid';
  if (row.stop === undefined) return 'quarantined:unknown_energy';
  const { endS, energyWh } = row.stop;
  if (energyWh < 0) return 'quarantined:meter_rollback';
  if (energyWh * 3600 * 10 > row.ratedPowerW * (endS - row.startS + GRACE_S) * TOLERANCE_TENTHS)
    return 'quarantined:implausible_power';
  if (stopped.some((other) => overlap(other, { startS: row.startS, endS }))) return 'quarantined:session_overlap';
  return 'final';
}

/** Half-open intervals [start, end): one that is empty shares no instant with any other. */
function overlap(a: Interval, b: Interval): boolean {
  return Math.max(a.startS, b.startS) < Math.min(a.endS, b.endS);
}

/** Rows on which two predictions or runs differ; rows that only one of them has are differences too. */
export function differences(expected: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>): string[] {
  const ids = new Set([...expected.keys(), ...actual.keys()]);
  return [...ids]
    .filter((id) => expected.get(id) !== actual.get(id))
    .map((id) => `${id}: predicted ${expected.get(id) ?? 'nothing'}, replay says ${actual.get(id) ?? 'nothing'}`);
}
