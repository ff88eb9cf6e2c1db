import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationName, Role } from '@tallywatt/contracts';
import { HEADERS_COUNT_MAX, HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './http-server.js';
import { notFound } from './problem.js';
import { startTestApi, type TestApi } from './testing/test-api.js';

const UUID = '00000000-0000-4000-8000-000000000001';
const TX = 'ab'.repeat(32);
const PERIOD = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
const STATION = {
  stationId: 'S-1',
  operatorId: 'STAR',
  name: 'One',
  peerNode: 'n1',
  tariffId: 'T-1',
  timeZone: 'Asia/Shanghai',
  piles: [],
};
const PLACE = { latitudeE6: 39_084_158, longitudeE6: -117_200_983 };
const PARAMETERS = {
  alphaE6: '1',
  betaE6: '2',
  sigmaE6: '3',
  thresholdMinor: '-4',
  minCreditE6: '0',
  endorsementRangeBlocks: 100,
  endorsementQuorum: 3,
};
const PRICE = {
  priceId: 'P',
  fromMinute: 0,
  toMinute: 1440,
  validFrom: '2026-01-01T00:00:00Z',
  electricityPriceE4: 1,
  servicePriceE4: 2,
};

/** Route → what settlement is asked. */
const FORWARDS: readonly (readonly [
  role: Role,
  request: string,
  body: unknown,
  operation: OperationName,
  input: object,
])[] = [
  [
    'supervisor',
    'POST /v1/operators',
    { operatorId: 'SG', name: 'Smart Grid' },
    'registerOperator',
    { operatorId: 'SG', name: 'Smart Grid' },
  ],
  ['driver', 'GET /v1/operators', undefined, 'listOperators', {}],
  ['supervisor', 'PUT /v1/parameters', PARAMETERS, 'setParameters', PARAMETERS],
  ['driver', 'GET /v1/parameters', undefined, 'getParameters', {}],
  [
    'operator',
    'POST /v1/tariffs',
    { tariffId: 'T', operatorId: 'STAR', prices: [PRICE] },
    'publishTariff',
    { tariffId: 'T', prices: [{ weekdayMask: 127 }] },
  ],
  ['driver', 'GET /v1/tariffs?operatorId=STAR', undefined, 'listTariffs', { operatorId: 'STAR' }],
  [
    'operator',
    'POST /v1/stations',
    { ...STATION, lat: 39.084158, lon: -117.200983 },
    'registerStation',
    { ...STATION, ...PLACE },
  ],
  ['operator', 'POST /v1/stations', { ...STATION, ...PLACE }, 'registerStation', { ...STATION, ...PLACE }],
  ['driver', 'GET /v1/stations?limit=3', undefined, 'listStations', { limit: 3 }],
  ['driver', 'GET /v1/stations/S-1', undefined, 'getStation', { stationId: 'S-1' }],
  [
    'driver',
    'GET /v1/stations/recommended?evId=EV-1&lat=39.1&lon=117.2&radiusM=500',
    undefined,
    'recommendStations',
    { evId: 'EV-1', latE6: 39_100_000, lonE6: 117_200_000, radiusM: 500 },
  ],
  ['operator', 'GET /v1/accounts', undefined, 'listAccounts', { limit: 50 }],
  ['driver', 'GET /v1/accounts/EV-1', undefined, 'getAccount', { evId: 'EV-1' }],
  ['operator', 'PATCH /v1/accounts/EV-1', { frozen: true }, 'freezeAccount', { evId: 'EV-1', frozen: true }],
  [
    'finance',
    'POST /v1/accounts/EV-1/deposits',
    { amountMinor: '100' },
    'deposit',
    { evId: 'EV-1', amountMinor: '100', reference: 'key-1' },
  ],
  [
    'finance',
    'POST /v1/refunds',
    { evId: 'EV-1', amountMinor: '9' },
    'refund',
    { evId: 'EV-1', amountMinor: '9', reference: 'key-1' },
  ],
  [
    'finance',
    'POST /v1/stations/S-1/payouts',
    { amountMinor: '7' },
    'payOut',
    { stationId: 'S-1', amountMinor: '7', reference: 'key-1' },
  ],
  [
    'finance',
    'POST /v1/credit-notes',
    { billId: 'B-1', reason: 'wrong meter' },
    'issueCreditNote',
    { billId: 'B-1', reason: 'wrong meter', reference: 'key-1' },
  ],
  ['driver', 'POST /v1/ratings', { billId: 'B-1', rating: 5 }, 'rate', { billId: 'B-1', rating: 5 }],
  ['driver', 'GET /v1/bills?evId=EV-1', undefined, 'listBills', { evId: 'EV-1' }],
  ['driver', 'GET /v1/bills/B-1', undefined, 'getBill', { billId: 'B-1' }],
  ['driver', 'GET /v1/bills/B-1/verify', undefined, 'verifyBill', { billId: 'B-1' }],
  ['finance', 'GET /v1/settlements?status=quarantined', undefined, 'listSettlements', { status: 'quarantined' }],
  ['finance', 'POST /v1/settlements/S-1/retry', undefined, 'retrySettlement', { settlementId: 'S-1' }],
  [
    'finance',
    'POST /v1/settlements/S-1/decision',
    { decision: 'drop', reason: 'test session' },
    'decideSettlement',
    { settlementId: 'S-1', decision: 'drop' },
  ],
  ['supervisor', 'POST /v1/reconciliations', PERIOD, 'createReconciliation', PERIOD],
  ['finance', `GET /v1/reconciliations/${UUID}`, undefined, 'getReconciliation', { reconciliationId: UUID }],
  [
    'finance',
    `GET /v1/reconciliations/${UUID}/breaks?type=LATE`,
    undefined,
    'listBreaks',
    { reconciliationId: UUID, type: 'LATE' },
  ],
  [
    'finance',
    `PATCH /v1/breaks/${UUID}`,
    { state: 'explained', comment: 'known' },
    'updateBreak',
    { breakId: UUID, state: 'explained' },
  ],
  ['driver', 'GET /v1/ledger', undefined, 'ledgerStatus', {}],
  ['driver', 'GET /v1/ledger/supply', undefined, 'supply', {}],
  ['operator', 'GET /v1/ledger/blocks/7', undefined, 'getBlock', { number: 7 }],
  ['operator', `GET /v1/ledger/tx/${TX}`, undefined, 'getLedgerTransaction', { txId: TX }],
];

let api: TestApi;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  api = await startTestApi();
  for (const role of ['operator', 'finance', 'supervisor'] as const) {
    tokens.set(role, await api.tokenFor({ role, organisation: role === 'supervisor' ? 'SUPERVISION' : 'STAR' }));
  }
  tokens.set('driver', await api.tokenFor({ role: 'driver', organisation: 'STAR', evId: 'EV-1' }));
});
afterAll(() => api.app.close());

/** Another key for each movement, the one that the table expects for the first. */
let movements = 0;
function send(role: Role, request: string, body: unknown, key = 'key-1') {
  const [method = '', path = ''] = request.split(' ');
  return api.request(tokens.get(role), method, path, body, { 'idempotency-key': key });
}

describe('routes of settlement', () => {
  it.each(FORWARDS)('as %s: %s', async (role, request, body, operation, input) => {
    const key = 'reference' in input ? `key-${(movements += 1)}` : 'key-1';
    const { status } = await send(role, request, body, key);
    expect(status).toBeLessThan(300);
    const expected = 'reference' in input ? { ...input, reference: key } : input;
    expect(api.fakes.settlement.calls.at(-1)).toMatchObject({
      operation,
      input: expected,
      context: { principal: { role } },
    });
  });

  it.each(FORWARDS)('hands a refusal of settlement on as it is: %s %s', async (role, request, body, operation) => {
    api.fakes.settlement.answers.set(operation, notFound());
    const answer = await send(role, request, body, `again-${(movements += 1)}`);
    expect([answer.status, answer.json()['code']]).toEqual([404, 'not_found']);
    api.fakes.settlement.answers.delete(operation);
  });

  it('lets nobody publish or build for another operator', async () => {
    const calls = api.fakes.settlement.calls.length;
    const tariff = await send('operator', 'POST /v1/tariffs', { tariffId: 'T', operatorId: 'TELD', prices: [PRICE] });
    const station = await send('operator', 'POST /v1/stations', { ...STATION, ...PLACE, operatorId: 'TELD' });
    expect([tariff.status, station.status, api.fakes.settlement.calls.length]).toEqual([403, 403, calls]);
  });
});

describe('the server', () => {
  it('gives slow clients the time of reliability.md section 8 and no more', () => {
    const server = api.app.getHttpServer();
    expect([server.headersTimeout, server.requestTimeout, server.maxHeadersCount]).toEqual([10_000, 30_000, 64]);
    expect([HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS, HEADERS_COUNT_MAX]).toEqual([10_000, 30_000, 64]);
  });
});
