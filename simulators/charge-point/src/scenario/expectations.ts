import { z } from 'zod';
import type { ExpectedSession, Scenario } from './scenario.js';

/** What a scenario looks at in a `SessionView`. */
export const observedSession = z.object({
  transactionId: z.int(),
  status: z.string(),
  closeKind: z.string().nullable(),
  holdReason: z.string().nullable(),
  energyWh: z.number().nullable(),
  settlement: z.object({ state: z.string() }).nullable(),
});
export type ObservedSession = z.output<typeof observedSession>;

/** What is not as the scenario expects, one line each; empty is success. */
export function unmetExpectations(
  { expect }: Scenario,
  transactionIds: ReadonlyMap<string, number>,
  observed: readonly ObservedSession[],
): string[] {
  const unmet: string[] = [];
  if (observed.length !== expect.sessionCount)
    unmet.push(`${observed.length} sessions instead of ${expect.sessionCount}`);
  for (const expected of expect.sessions) {
    const session = observed.find(({ transactionId }) => transactionId === transactionIds.get(expected.session));
    unmet.push(...(session === undefined ? [`${expected.session}: no such session`] : differences(expected, session)));
  }
  for (const names of expect.sameTransaction) {
    const ids = new Set(names.map((name) => transactionIds.get(name)));
    if (ids.size !== 1 || ids.has(undefined))
      unmet.push(`${names.join(', ')} have transaction ids ${[...ids].join(', ')}`);
  }
  return unmet;
}

function differences(expected: ExpectedSession, session: ObservedSession): string[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['status', expected.status, session.status],
    ['closeKind', expected.closeKind, session.closeKind],
    ['settlement', expected.settlement, session.settlement?.state],
    ['holdReason', expected.holdReason, session.holdReason],
    ['energyWh', expected.energyWh, session.energyWh],
  ];
  return pairs
    .filter(([, wanted, is]) => wanted !== undefined && wanted !== is)
    .map(([what, wanted, is]) => `${expected.session}: ${what} is ${String(is)} instead of ${String(wanted)}`);
}
