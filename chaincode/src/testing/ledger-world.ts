import type {
  AccountAnswer,
  BillAnswer,
  Caller,
  CallerRole,
  ItemVerdict,
  LedgerFunction,
  LedgerQueries,
  LedgerQuery,
  LedgerTransactions,
  PriceArgs,
  SetParametersArgs,
  SettleItemArgs,
  StationAnswer,
  SupplyAnswer,
} from '@tallywatt/contracts';
import { SUPERVISION } from '@tallywatt/contracts';
import { MemoryLedger } from '../embedded/memory-ledger.js';

export const NOW_MS = Date.UTC(2026, 0, 15, 8);
export const START_MS = Date.UTC(2026, 0, 14, 2);
export const END_MS = START_MS + 3_600_000;
export const SHA = 'ab'.repeat(32);

export const PARAMETERS: SetParametersArgs = {
  alphaE6: '10000000',
  betaE6: '500000',
  sigmaE6: '1000000',
  maxLevel: 5,
  maxRating: 5,
  thresholdMinor: '0',
  minCreditE6: '0',
  currency: 'CNY',
  currencyDecimals: 2,
  endorsementRangeBlocks: 10,
  endorsementQuorum: 3,
};

export function by(mspId: string, role: CallerRole, evId?: string): Caller {
  return { mspId, role, ...(evId === undefined ? {} : { evId }) };
}
export const SUPERVISOR = by(SUPERVISION, 'supervisor');

export function flatPrice(priceId: string, electricityPriceE4 = '14100', servicePriceE4 = '6000'): PriceArgs {
  return {
    priceId,
    fromMinute: 0,
    toMinute: 1440,
    weekdayMask: 127,
    validFromMs: 0,
    validToMs: null,
    electricityPriceE4,
    servicePriceE4,
  };
}

/** Two operators with a tariff and a station each, and an account at each; table 2's prices of TELD. */
export class LedgerWorld {
  readonly ledger = new MemoryLedger();

  static async open(parameters: Partial<SetParametersArgs> = {}): Promise<LedgerWorld> {
    const world = new LedgerWorld();
    await world.submit('SetParameters', { ...PARAMETERS, ...parameters }, SUPERVISOR);
    for (const operatorId of ['TELD', 'STAR']) {
      await world.submit('RegisterOperator', { operatorId, name: operatorId }, SUPERVISOR);
      await world.submit(
        'PublishTariff',
        { tariffId: `${operatorId}-T`, operatorId, prices: [flatPrice(`${operatorId}-P`)], publishedAtMs: NOW_MS },
        by(operatorId, 'operator'),
      );
      await world.registerStation(operatorId, `${operatorId}-CS`);
      await world.submit('OpenAccount', { evId: `${operatorId}-EV`, operatorId }, by(operatorId, 'operator'));
    }
    return world;
  }

  async registerStation(operatorId: string, stationId: string): Promise<void> {
    await this.submit(
      'RegisterStation',
      {
        stationId,
        operatorId,
        name: stationId,
        peerNode: `${operatorId}-node`,
        tariffId: `${operatorId}-T`,
        latE6: 39_084_200,
        lonE6: 117_200_900,
        offsets: [{ fromMs: 0, offsetMinutes: 480 }],
        piles: [{ type: 'DC120', count: 4 }],
      },
      by(operatorId, 'operator'),
    );
  }

  /** Simulates and commits; throws what the contract throws. */
  async submit<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
    timestampMs = NOW_MS,
  ): Promise<unknown> {
    const simulation = await this.ledger.simulate(fn, args, caller, timestampMs);
    const code = await this.ledger.commit(simulation);
    if (code !== 'VALID') throw new Error(code);
    return JSON.parse(simulation.result);
  }

  async query<Q extends LedgerQuery>(query: Q, args: LedgerQueries[Q], caller: Caller): Promise<unknown> {
    const simulation = await this.ledger.simulate(query, args, caller, NOW_MS);
    return JSON.parse(simulation.result);
  }

  settle(items: readonly SettleItemArgs[], operatorId = 'TELD'): Promise<ItemVerdict[]> {
    return this.submit('SettleBatch', { operatorId, items }, by(operatorId, 'settler')) as Promise<ItemVerdict[]>;
  }

  deposit(amountMinor: string, reference: string, evId = 'TELD-EV', operatorId = 'TELD'): Promise<unknown> {
    return this.submit('Deposit', { evId, amountMinor, reference }, by(operatorId, 'treasurer'));
  }

  account(evId = 'TELD-EV', operatorId = 'TELD'): Promise<AccountAnswer> {
    return this.query('GetAccount', { evId }, by(operatorId, 'operator')) as Promise<AccountAnswer>;
  }

  station(stationId = 'TELD-CS', operatorId = 'TELD'): Promise<StationAnswer> {
    return this.query('GetStation', { stationId }, by(operatorId, 'operator')) as Promise<StationAnswer>;
  }

  bill(billId: string, caller = by('TELD', 'operator')): Promise<BillAnswer> {
    return this.query('GetBill', { billId }, caller) as Promise<BillAnswer>;
  }

  supply(): Promise<SupplyAnswer> {
    return this.query('Supply', {}, by('TELD', 'auditor')) as Promise<SupplyAnswer>;
  }
}

/** 26.4 kWh at TELD's price: 53.06 yuan (table 2). */
export function item(settlementId: string, overrides: Partial<SettleItemArgs> = {}): SettleItemArgs {
  const stationId = overrides.stationId ?? 'TELD-CS';
  return {
    settlementId,
    evId: 'TELD-EV',
    stationId,
    startMs: START_MS,
    endMs: END_MS,
    meterStartWh: '100000',
    meterStopWh: '126400',
    lines: [{ priceId: `${stationId.split('-')[0]}-P`, fromMs: START_MS, toMs: END_MS, energyWh: '26400' }],
    totalMinor: '5306',
    evidenceSha256: SHA,
    ...overrides,
  };
}

/** An item that costs exactly this: E4 prices 5000 + 5000 = 1 minor unit per 10 Wh, so Wh = 10 × minor. */
export function itemCosting(
  settlementId: string,
  minor: number,
  overrides: Partial<SettleItemArgs> = {},
): SettleItemArgs {
  const energyWh = String(minor * 10);
  return item(settlementId, {
    stationId: 'UNIT-CS',
    meterStartWh: '0',
    meterStopWh: energyWh,
    lines: [{ priceId: 'UNIT-P', fromMs: START_MS, toMs: END_MS, energyWh }],
    totalMinor: String(minor),
    ...overrides,
  });
}

/** The station of {@link itemCosting}: 100 000 / 100 000 → electricity price 10 000 E4 gives 1 minor per 10 Wh. */
export async function registerUnitStation(world: LedgerWorld): Promise<void> {
  const prices = [flatPrice('UNIT-P', '10000', '0')];
  const operator = by('TELD', 'operator');
  await world.submit(
    'PublishTariff',
    { tariffId: 'UNIT-T', operatorId: 'TELD', prices, publishedAtMs: NOW_MS },
    operator,
  );
  await world.submit(
    'RegisterStation',
    {
      stationId: 'UNIT-CS',
      operatorId: 'TELD',
      name: 'unit',
      peerNode: 'TELD-node',
      tariffId: 'UNIT-T',
      latE6: 0,
      lonE6: 0,
      offsets: [{ fromMs: 0, offsetMinutes: 0 }],
      piles: [],
    },
    operator,
  );
}
