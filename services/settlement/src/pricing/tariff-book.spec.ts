import { describe, expect, it } from '@jest/globals';
import { type StationTariff, StationTariffSource, TariffBook } from './tariff-book.js';

const station = (stationId: string): StationTariff => ({
  stationId,
  operatorId: 'TELD',
  tariff: { tariffId: 't1', operatorId: 'TELD', prices: [] },
  offsets: [],
});

class CountingSource extends StationTariffSource {
  readonly asked: string[] = [];
  known: readonly string[] = ['cs1'];

  override async stationTariffs(stationIds: readonly string[]): Promise<StationTariff[]> {
    this.asked.push(...stationIds);
    return stationIds.filter((stationId) => this.known.includes(stationId)).map(station);
  }
}

describe('tariff book', () => {
  it('asks once for a station, until it is told to forget', async () => {
    const source = new CountingSource();
    const book = new TariffBook(source);
    expect((await book.of(['cs1', 'cs1'])).get('cs1')).toEqual(station('cs1'));
    await book.of(['cs1']);
    expect(source.asked).toEqual(['cs1']);
    book.forget();
    await book.of(['cs1']);
    expect(source.asked).toEqual(['cs1', 'cs1']);
  });

  it('remembers no station for unknown: it may be registered in the next block', async () => {
    const source = new CountingSource();
    const book = new TariffBook(source);
    expect((await book.of(['cs2'])).has('cs2')).toBe(false);
    source.known = ['cs2'];
    expect((await book.of(['cs2'])).has('cs2')).toBe(true);
  });
});
