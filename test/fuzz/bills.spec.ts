import { describe, expect, it } from '@jest/globals';
import { judgeBills, type Billed } from './bills.js';
import { SaidByFuzz } from './garbage.js';

const session = {
  chargePointId: 'CP',
  idTag: 'EV',
  transactionId: 7,
  meterStartWh: 100,
  meterStopWh: 300,
  startedAt: '2025-01-01T00:00:00.000Z',
  endedAt: '2025-01-01T01:00:00.000Z',
};
const { idTag: evId, ...numbers } = session;
const bill: Billed = { settlementId: 's', connectorId: 1, evId, ...numbers };

describe('bills', () => {
  it('are right when each honest session has exactly its own', () => {
    expect(judgeBills([bill], [session], new Map())).toEqual({ right: 1, credible: 0, wrong: [] });
  });

  it.each([
    ['is missing', []],
    ['came twice', [bill, { ...bill, settlementId: 't' }]],
    ['has other energy', [{ ...bill, meterStopWh: 301 }]],
    ['is somebody else’s', [{ ...bill, evId: 'EV-2' }]],
    ['has another time', [{ ...bill, endedAt: session.startedAt }]],
    ['has another connector', [{ ...bill, connectorId: 2 }]],
  ])('are wrong when one %s', (_what, bills) => {
    expect(judgeBills(bills, [session], new Map())).toMatchObject({ right: 0, wrong: [expect.any(String)] });
  });

  it('of nobody’s session need a pile that said it', () => {
    const said = new SaidByFuzz('FUZZ');
    expect(judgeBills([bill], [], new Map([['CP', said]])).wrong).toHaveLength(1);
    said.note('[2,"a","StartTransaction",{"idTag":"FUZZ","meterStart":100}]');
    said.note('[2,"a","StopTransaction",{"meterStop":300}]');
    expect(judgeBills([bill], [], new Map([['CP', said]]))).toEqual({ right: 0, credible: 1, wrong: [] });
    expect(judgeBills([bill], [], new Map([['CP-2', said]])).wrong).toHaveLength(1);
  });
});
