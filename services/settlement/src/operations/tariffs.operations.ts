import type { OperationInput, PriceArgs, Principal } from '@tallywatt/contracts';
import type { Price } from '@tallywatt/domain';
import type { LedgerWriter } from '../batching/ledger-writer.js';
import type { Clock } from '../clock.js';
import { EVERYONE, OPERATOR, type Operation, reads, writes } from './operation.js';
import { pageView } from './paging.js';
import { callerOf } from './principal-caller.js';
import { alreadyExists, forbiddenOrganisation } from './refusal.js';
import type { TariffQueries, TariffRow } from './tariff-queries.js';

/** Tariffs are public within the consortium; an operator publishes its own. */
export class TariffOperations {
  readonly operations: readonly Operation[] = [
    writes('publishTariff', OPERATOR, (input, principal) => this.publish(input, principal)),
    reads('listTariffs', EVERYONE, (input) => this.list(input)),
  ];

  constructor(
    private readonly queries: TariffQueries,
    private readonly writer: LedgerWriter,
    private readonly clock: Clock,
  ) {}

  private async publish(input: OperationInput<'publishTariff'>, principal: Principal): Promise<unknown> {
    const { tariffId, operatorId } = input;
    if (operatorId !== principal.organisation) throw forbiddenOrganisation();
    const before = await this.queries.tariff(tariffId);
    if (before !== undefined && before.operatorId !== operatorId) throw alreadyExists();
    const prices = input.prices.map(priceArgs);
    if (before !== undefined && holdsAll(before, prices)) throw alreadyExists('The tariff has these prices already.');
    const args = { tariffId, operatorId, prices, publishedAtMs: this.clock.nowMs() };
    await this.writer.write('PublishTariff', args, callerOf(principal));
    const after = await this.queries.tariff(tariffId);
    return after === undefined ? { tariffId, operatorId, prices: [] } : tariffView(after);
  }

  private async list(input: OperationInput<'listTariffs'>): Promise<unknown> {
    const rows = await this.queries.tariffs(input.operatorId, input);
    return pageView(rows, input.limit, (tariff) => [tariff.tariffId], tariffView);
  }
}

type PriceInput = OperationInput<'publishTariff'>['prices'][number];

function priceArgs(price: PriceInput): PriceArgs {
  const { validFrom, validTo, electricityPriceE4, servicePriceE4, ...same } = price;
  return {
    ...same,
    validFromMs: Date.parse(validFrom),
    validToMs: validTo === null ? null : Date.parse(validTo),
    electricityPriceE4: String(electricityPriceE4),
    servicePriceE4: String(servicePriceE4),
  };
}

/** Whether every named price is there with the same content: publishing it again would change nothing. */
function holdsAll(tariff: TariffRow, named: readonly PriceArgs[]): boolean {
  const known = new Map(tariff.prices.map((price) => [price.priceId, price]));
  return named.every((price) => {
    const before = known.get(price.priceId);
    return before !== undefined && samePrice(before, price);
  });
}

function samePrice(before: Price, named: PriceArgs): boolean {
  return (
    before.fromMinute === named.fromMinute &&
    before.toMinute === named.toMinute &&
    before.weekdayMask === named.weekdayMask &&
    before.validFromMs === named.validFromMs &&
    before.validToMs === named.validToMs &&
    before.electricityPriceE4 === BigInt(named.electricityPriceE4) &&
    before.servicePriceE4 === BigInt(named.servicePriceE4)
  );
}

/** The body that publishes it, so that a tariff can be read, changed and published again. */
function tariffView(tariff: TariffRow): object {
  return { tariffId: tariff.tariffId, operatorId: tariff.operatorId, prices: tariff.prices.map(priceView) };
}

function priceView(price: Price): PriceInput {
  return {
    priceId: price.priceId,
    fromMinute: price.fromMinute,
    toMinute: price.toMinute,
    weekdayMask: price.weekdayMask,
    validFrom: new Date(price.validFromMs).toISOString(),
    validTo: price.validToMs === null ? null : new Date(price.validToMs).toISOString(),
    electricityPriceE4: Number(price.electricityPriceE4),
    servicePriceE4: Number(price.servicePriceE4),
  };
}
