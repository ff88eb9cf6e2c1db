import { describe, expect, it } from '@jest/globals';
import type { SettlementFacts } from '../intake/settlement-facts.js';
import { priceFacts } from './price-facts.js';
import type { StationTariff } from './tariff-book.js';

const startMs = Date.parse('2026-03-02T02:00:00Z');
const facts: SettlementFacts = {
  settlementId: 's1',
  revision: 1,
  changeSeq: 1n,
  operatorId: 'TELD',
  stationId: 'cs1',
  chargePointId: 'cp1',
  connectorId: 1,
  transactionId: 1,
  evId: 'ev1',
  userOperatorId: 'STAR',
  meterStartWh: 100n,
  meterStopWh: 26_500n,
  readings: [],
  startMs,
  endMs: startMs + 3_600_000,
  evidenceSha256: 'ab'.repeat(32),
  holdReason: null,
  holdUntilMs: null,
};
const price = { priceId: 'p1', fromMinute: 0, toMinute: 1440, weekdayMask: 127, validFromMs: 0, validToMs: null };
const station: StationTariff = {
  stationId: 'cs1',
  operatorId: 'TELD',
  tariff: {
    tariffId: 't1',
    operatorId: 'TELD',
    prices: [{ ...price, electricityPriceE4: 12_098n, servicePriceE4: 8_000n }],
  },
  offsets: [{ fromMs: 0, offsetMinutes: 480 }],
};

describe('pricing of facts', () => {
  it('gives the lines and the total by the rules', () => {
    // rules.md, table 2: 26.4 kWh at 1.2098 + 0.80 per kWh: 31.94 + 21.12.
    expect(priceFacts(facts, station)).toEqual({
      state: 'pending',
      lines: [{ priceId: 'p1', fromMs: facts.startMs, toMs: facts.endMs, energyWh: '26400' }],
      totalMinor: 5306n,
    });
  });

  it('interpolates the register at a boundary between two readings', () => {
    const boundaryMs = startMs + 1_800_000;
    const prices = [
      { ...price, electricityPriceE4: 1000n, servicePriceE4: 0n, validToMs: boundaryMs },
      { ...price, priceId: 'p2', electricityPriceE4: 2000n, servicePriceE4: 0n, validFromMs: boundaryMs },
    ];
    const readings = [
      { atMs: boundaryMs - 600_000, registerWh: 10_100n },
      { atMs: boundaryMs + 600_000, registerWh: 12_100n },
    ];
    const ruling = priceFacts({ ...facts, readings }, { ...station, tariff: { ...station.tariff, prices } });
    expect(ruling).toMatchObject({ state: 'pending', lines: [{ energyWh: '11000' }, { energyWh: '15400' }] });
  });

  it.each([
    ['unknown_energy', { ...facts, meterStopWh: null }, station],
    ['unknown_station', facts, undefined],
    ['station_of_other_operator', { ...facts, operatorId: 'STAR' }, station],
    ['no_tariff', facts, { ...station, tariff: { ...station.tariff, prices: [] } }],
  ])('answers %s instead of a bill', (code, given, at) => {
    expect(priceFacts(given, at)).toEqual({ state: 'quarantined', code });
  });

  it.each([
    ['a register that falls', { ...facts, meterStopWh: 50n }],
    ['an end before the start', { ...facts, endMs: startMs - 1 }],
    ['energy out of all bounds', { ...facts, meterStopWh: 10n ** 15n }],
  ])('leaves %s to a person', (_name, given) => {
    expect(priceFacts(given, station)).toMatchObject({
      state: 'quarantined',
      code: expect.stringMatching(/^[a-z_]+$/),
    });
  });

  it('leaves an instant without a price to a person', () => {
    const prices = [{ ...price, validFromMs: facts.endMs, electricityPriceE4: 1n, servicePriceE4: 1n }];
    expect(priceFacts(facts, { ...station, tariff: { ...station.tariff, prices } })).toMatchObject({
      state: 'quarantined',
    });
  });
});
