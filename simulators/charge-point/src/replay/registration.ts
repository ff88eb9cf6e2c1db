import { SUPERVISION } from '@tallywatt/contracts';
import { z } from 'zod';
import { forEachConcurrently } from '../concurrency.js';
import type { Registry } from '../registry.js';
import type { Mapping } from './mapping.js';
import { type Plan, type PlannedPile, type PlannedUser, stationIdOf } from './plan.js';

/** Requests at once; the ledger puts deposits that arrive together into one block. */
const REQUESTS_AT_ONCE = 32;
/** Accounts allow 16 open sessions, for rows that overlap or never end. */
const OPEN_SESSIONS_PER_ACCOUNT = 16;
/** A bill has at most 128 lines, and each of a line's two fees is rounded by at most half a minor unit. */
const ROUNDING_MINOR_PER_SESSION = 128n;

const tariff = z.object({
  operatorId: z.string(),
  prices: z.array(z.object({ electricityPriceE4: z.coerce.bigint(), servicePriceE4: z.coerce.bigint() })),
});

/**
 * Makes the world that the file assumes. Returns the password per pile id.
 * @param fileId identifies the recording: a deposit is made once per user and file.
 */
export async function registerReplay(
  plan: Plan,
  mapping: Mapping,
  fileId: string,
  registry: Registry,
): Promise<ReadonlyMap<string, string>> {
  const operators = [...new Set([...plan.piles, ...plan.users].map(({ operatorId }) => operatorId))];
  const dearestE4 = await dearestPrice(registry, operators);
  const passwords = new Map<string, string>();
  for (const operatorId of operators) await registerStation(registry, mapping, operatorId, plan.piles);
  await forEachConcurrently(plan.piles, REQUESTS_AT_ONCE, async (pile) => {
    passwords.set(pile.pileId, await registerPile(registry, mapping, pile));
  });
  await forEachConcurrently(plan.users, REQUESTS_AT_ONCE, async (user) => {
    const { evId, operatorId, idTag } = user;
    await registry.ensureAccount({
      evId,
      operatorId,
      idTags: [{ idTag }],
      maxConcurrentSessions: OPEN_SESSIONS_PER_ACCOUNT,
    });
    await registry.deposit(user, depositMinor(user, dearestE4), `replay-${fileId}-${evId}`);
  });
  return passwords;
}

async function dearestPrice(registry: Registry, operatorIds: readonly string[]): Promise<bigint> {
  let dearestE4 = 0n;
  for await (const element of registry.api('supervisor', SUPERVISION).list('/v1/tariffs')) {
    const { operatorId, prices } = tariff.parse(element);
    if (!operatorIds.includes(operatorId)) continue;
    for (const { electricityPriceE4, servicePriceE4 } of prices) {
      const sumE4 = electricityPriceE4 + servicePriceE4;
      if (sumE4 > dearestE4) dearestE4 = sumE4;
    }
  }
  if (dearestE4 === 0n) throw new Error('no tariff is published: nothing could be billed');
  return dearestE4;
}

async function registerStation(
  registry: Registry,
  mapping: Mapping,
  operatorId: string,
  piles: readonly PlannedPile[],
): Promise<void> {
  const { station, timeZone, connectorType } = mapping;
  const count = piles.filter((pile) => pile.operatorId === operatorId).length;
  if (count === 0) return;
  await registry.ensureStation({
    stationId: stationIdOf(operatorId),
    operatorId,
    name: `${station.name} (recorded, ${operatorId})`,
    peerNode: `replay-${operatorId.toLowerCase()}`,
    tariffId: `${operatorId}-TOU`,
    timeZone,
    latitudeE6: station.latitudeE6,
    longitudeE6: station.longitudeE6,
    piles: [{ type: connectorType, count }],
  });
}

async function registerPile(registry: Registry, mapping: Mapping, pile: PlannedPile): Promise<string> {
  const { pileId, operatorId, stationId, connectorIds, ratedPowerW } = pile;
  const type = mapping.connectorType;
  const connectors = connectorIds.map((connectorId) => ({ connectorId, ratedPowerW, type }));
  const { password } = await registry.ensurePile({
    id: pileId,
    operatorId,
    stationId,
    connectors,
    clock: 'recorded',
    simulated: true,
  });
  return password;
}

/** rules.md: fee in minor units = price (1e-4 per kWh) × Wh / 100 000; rounded up, and every line may round once more. */
export function depositMinor(
  { energyWh, sessions }: Pick<PlannedUser, 'energyWh' | 'sessions'>,
  dearestE4: bigint,
): bigint {
  return (dearestE4 * BigInt(energyWh)) / 100_000n + 1n + ROUNDING_MINOR_PER_SESSION * BigInt(sessions);
}
