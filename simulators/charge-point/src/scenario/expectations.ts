import type { ExpectedDriver, ExpectedSession } from './expected-end.js';
import type { ObservedDriver, ObservedEnd, ObservedSession } from './observed-end.js';
import type { Scenario } from './scenario.js';

/** What is not as the scenario expects, one line each; empty is success. */
export function unmetExpectations(
  { expect }: Scenario,
  transactionIds: ReadonlyMap<string, number>,
  observed: ObservedEnd,
): string[] {
  const unmet: string[] = [];
  if (observed.sessions.length !== expect.sessionCount)
    unmet.push(`${observed.sessions.length} sessions instead of ${expect.sessionCount}`);
  for (const [status, wanted] of Object.entries(expect.statusCounts ?? {})) {
    const count = observed.sessions.filter((session) => session.status === status).length;
    if (count !== wanted) unmet.push(`${count} sessions are ${status} instead of ${wanted}`);
  }
  for (const expected of expect.sessions) {
    const session = observed.sessions.find((each) => each.transactionId === transactionIds.get(expected.session));
    unmet.push(
      ...(session === undefined ? [`${expected.session}: no such session`] : sessionDifferences(expected, session)),
    );
  }
  for (const names of expect.sameTransaction) {
    const ids = new Set(names.map((name) => transactionIds.get(name)));
    if (ids.size !== 1 || ids.has(undefined))
      unmet.push(`${names.join(', ')} have transaction ids ${[...ids].join(', ')}`);
  }
  for (const driver of expect.drivers) unmet.push(...driverDifferences(driver, observed.drivers.get(driver.tag)));
  for (const [pile, flags] of Object.entries(expect.flags))
    unmet.push(...differences(`flags of ${pile}`, { all: flags }, { all: observed.flags.get(pile) }));
  for (const { pile, words } of expect.log)
    if (observed.log.get(pile)?.some((line) => line.includes(words)) !== true)
      unmet.push(`the log of ${pile} does not say "${words}"`);
  return unmet;
}

function sessionDifferences({ session: name, ...wanted }: ExpectedSession, session: ObservedSession): string[] {
  return differences(name, wanted, {
    ...session,
    settlement: session.settlement?.state ?? null,
    settlementCode: session.settlement?.code ?? null,
    billedWh: session.bill?.energyWh ?? null,
    lines: session.bill?.lines.map(({ priceId, energyWh }) => `${priceId}: ${energyWh}`),
  });
}

function driverDifferences({ tag, isInDebt, ...wanted }: ExpectedDriver, driver: ObservedDriver | undefined): string[] {
  if (driver === undefined) return [`${tag}: no such account`];
  const debt = isInDebt === undefined ? {} : { isInDebt };
  return differences(tag, { ...wanted, ...debt }, { ...driver, isInDebt: driver.balance.minor.startsWith('-') });
}

/** Every field that is wanted, and nothing else. */
function differences(name: string, wanted: object, is: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(wanted).flatMap(([field, value]) => {
    const [expected, found] = [text(value), text(is[field])];
    return expected === found ? [] : [`${name}: ${field} is ${found} instead of ${expected}`];
  });
}

function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.join(', ');
  return Object.entries(value)
    .map(([name, each]) => `${name}: ${String(each)}`)
    .sort((a, b) => a.localeCompare(b))
    .join(', ');
}
