import {
  operatorRecord,
  priceRecord,
  tariffRecord,
  type PriceArgs,
  type PriceRecord,
  type PublishTariffArgs,
  type TariffRecord,
} from '@tallywatt/contracts';
import { checkTariffChange, type Price, type Tariff } from '@tallywatt/domain';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { assertOwn } from './ownership.js';
import type { State } from './state.js';

/** Peers refuse proposals whose clock is further off (ledger.md); a claim beyond it is no claim of now. */
export const PUBLICATION_SKEW_MS_MAX = 15 * 60_000;

/**
 * Publishes a tariff's first version, or a change: new prices in the future, old ones only closed.
 * The arguments carry the prices that are new or changed; prices not named stay as they are.
 */
export async function publishTariff(
  context: LedgerContext,
  args: PublishTariffArgs,
): Promise<{ readonly tariffId: string }> {
  const { state, caller } = context;
  assertOwn(caller, args.operatorId);
  const skewMs = Math.abs(context.txTimeMs - args.publishedAtMs);
  demand(
    skewMs <= PUBLICATION_SKEW_MS_MAX,
    'INVALID_TIME',
    'publishedAtMs is more than 15 minutes from the transaction time',
  );
  const before = await loadTariff(state, args);
  assertNamesFree(state, args);
  const old =
    before === undefined ? undefined : tariffOf(before.tariffId, args.operatorId, storedPrices(state, before.priceIds));
  const next = tariffOf(args.tariffId, args.operatorId, mergedPrices(old, args.prices));
  assertTariff(old, next, args.publishedAtMs);
  for (const price of args.prices) {
    state.put(priceRecord, { ...priceOf(price), tariffId: args.tariffId, operatorId: args.operatorId });
  }
  state.put(tariffRecord, {
    tariffId: args.tariffId,
    operatorId: args.operatorId,
    priceIds: next.prices.map((price) => price.priceId).sort(),
  });
  return { tariffId: args.tariffId };
}

async function loadTariff(state: State, args: PublishTariffArgs): Promise<TariffRecord | undefined> {
  await state.load([
    keys.operator(args.operatorId),
    keys.tariff(args.tariffId),
    ...args.prices.map((price) => keys.price(price.priceId)),
  ]);
  demand(
    state.get(operatorRecord, keys.operator(args.operatorId)) !== undefined,
    'UNKNOWN_OPERATOR',
    'the operator is not admitted',
  );
  const before = state.get(tariffRecord, keys.tariff(args.tariffId));
  demand(
    before === undefined || before.operatorId === args.operatorId,
    'ALREADY_EXISTS',
    'the tariff belongs to another operator',
  );
  await state.load((before?.priceIds ?? []).map((priceId) => keys.price(priceId)));
  return before;
}

/** A price belongs to one tariff for good: bills name it by its id alone. */
function assertNamesFree(state: State, args: PublishTariffArgs): void {
  for (const { priceId } of args.prices) {
    const price = state.get(priceRecord, keys.price(priceId));
    demand(
      price === undefined || price.tariffId === args.tariffId,
      'PRICE_OF_OTHER_TARIFF',
      'a price id belongs to another tariff',
    );
  }
}

function storedPrices(state: State, priceIds: readonly string[]): Price[] {
  return priceIds.map((priceId) => {
    const price = state.get(priceRecord, keys.price(priceId));
    demand(price !== undefined, 'INTERNAL', 'a tariff names a price that is not there');
    return price;
  });
}

function mergedPrices(old: Tariff | undefined, named: readonly PriceArgs[]): Price[] {
  const ids = new Set(named.map((price) => price.priceId));
  demand(ids.size === named.length, 'INVALID_TARIFF', 'a price id occurs twice');
  return [...(old?.prices.filter((price) => !ids.has(price.priceId)) ?? []), ...named.map(priceOf)];
}

function priceOf(price: PriceArgs): Omit<PriceRecord, 'tariffId' | 'operatorId'> {
  return {
    ...price,
    electricityPriceE4: BigInt(price.electricityPriceE4),
    servicePriceE4: BigInt(price.servicePriceE4),
  };
}

function tariffOf(tariffId: string, operatorId: string, prices: readonly Price[]): Tariff {
  return { tariffId, operatorId, prices };
}

function assertTariff(old: Tariff | undefined, next: Tariff, nowMs: number): void {
  const fault = checkTariffChange(old, next, nowMs);
  demand(fault === undefined, 'INVALID_TARIFF', fault ?? '');
}
