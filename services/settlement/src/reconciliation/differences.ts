import type { BreakType } from '@tallywatt/contracts';
import { type BilledSession, isSuspect } from './billed-session.js';
import type { Measured, Parties } from './session-case.js';

/** Field by field between A, B and C, as far as each is there. Evidence that is not credible is not compared. */
export function differences(session: BilledSession): BreakType[] {
  const { evidence, job, bill, evidenceMinor } = session;
  const credible = isSuspect(evidence, job) ? undefined : evidence;
  const sides = [credible, job, bill].filter((side) => side !== undefined);
  const breaks: BreakType[] = [];
  if (!agree(sides.map(partiesOf))) breaks.push('PARTY_DIFF');
  if (!agree(sides.map(timesOf))) breaks.push('TIME_DIFF');
  if (!agree(sides.map(registersOf))) breaks.push('ENERGY_DIFF');
  const amounts = [credible === undefined ? null : evidenceMinor, job?.totalMinor ?? null, bill?.totalMinor ?? null];
  if (!agree(amounts.filter((amount) => amount !== null).map(String))) breaks.push('AMOUNT_DIFF');
  return breaks;
}

function agree(values: readonly string[]): boolean {
  return new Set(values).size <= 1;
}

function partiesOf({ evId, userOperatorId, stationId, operatorId }: Parties): string {
  return [evId, userOperatorId, stationId, operatorId].join(' ');
}

function timesOf({ startMs, endMs }: Measured): string {
  return `${startMs} ${endMs}`;
}

function registersOf({ meterStartWh, meterStopWh }: Measured): string {
  return `${meterStartWh} ${String(meterStopWh)}`;
}
