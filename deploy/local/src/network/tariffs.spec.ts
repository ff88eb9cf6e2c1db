import { describe, expect, it } from '@jest/globals';
import { OPERATION_INPUTS } from '@tallywatt/contracts';
import { OPERATORS } from './operators.js';
import { timeOfUseTariff } from './tariffs.js';

describe('time-of-use tariffs of the demo', () => {
  it.each(OPERATORS)('$name passes the API schema and covers every minute of a day once', (operator) => {
    const tariff = OPERATION_INPUTS.publishTariff.parse(timeOfUseTariff(operator));
    const minutes = tariff.prices.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute]);
    expect(minutes.at(0)).toBe(0);
    expect(minutes.at(-1)).toBe(1440);
    expect(tariff.prices.slice(1).map(({ fromMinute }) => fromMinute)).toEqual(
      tariff.prices.slice(0, -1).map(({ toMinute }) => toMinute),
    );
  });

  it.each([
    ['TELD', 14_100, 6_000],
    ['STAR', 12_000, 5_000],
    ['PTNE', 12_000, 10_000],
    ['SG', 10_000, 6_800],
  ])('%s has the prices of the paper’s table 2 in its flat period', (operatorId, electricity, service) => {
    const operator = OPERATORS.find((candidate) => candidate.operatorId === operatorId);
    expect(operator).toBeDefined();
    const flat =
      operator === undefined ? [] : timeOfUseTariff(operator).prices.filter(({ priceId }) => priceId.endsWith('-flat'));
    expect(flat).toHaveLength(3);
    for (const price of flat) expect([price.electricityPriceE4, price.servicePriceE4]).toEqual([electricity, service]);
  });
});
