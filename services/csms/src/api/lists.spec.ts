import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationName } from '@tallywatt/contracts';
import { EXPORT_ROWS_MAX } from './list.interceptor.js';
import { startTestApi, type TestApi } from './testing/test-api.js';

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await startTestApi();
  token = await api.tokenFor({ role: 'finance', organisation: 'STAR' });
});
afterAll(() => api.app.close());

/** Three pages of one bill each. */
function pagedBills(input: unknown): unknown {
  const cursor = typeof input === 'object' && input !== null && 'cursor' in input ? Number(input.cursor) : 0;
  return {
    data: [{ id: `=B${cursor}`, total: { currency: 'CNY', amount: '-0.01', minor: '-1' } }],
    nextCursor: cursor < 2 ? String(cursor + 1) : null,
  };
}

describe('lists', () => {
  it('hands the query to settlement in the form that its schema takes', async () => {
    api.fakes.settlement.answers.set('listBills', { data: [], nextCursor: null, total: 0 });
    const { json } = await api.request(
      token,
      'GET',
      '/v1/bills?stationId=S-1&limit=7&count=true&from=2026-01-01T00:00:00Z',
    );
    expect(json()).toEqual({ data: [], nextCursor: null, total: 0 });
    const call = api.fakes.settlement.calls.at(-1);
    expect(call).toMatchObject({ operation: 'listBills', input: { stationId: 'S-1', limit: 7, count: true } });
    expect(call?.context.principal).toMatchObject({ role: 'finance', organisation: 'STAR' });
  });

  it('exports all pages as CSV, neutralised', async () => {
    api.fakes.settlement.answers.set('listBills', pagedBills);
    const { text, headers } = await api.request(token, 'GET', '/v1/bills?format=csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n').map((row) => row.split(',')[0])).toEqual(['id', "'=B0", "'=B1", "'=B2", '']);
    expect(text).toContain(',-0.01,-1,');
  });

  it('cuts the connection of an export that is too large, so that nobody takes it for complete', async () => {
    const data = Array.from({ length: EXPORT_ROWS_MAX / 4 }, () => ({ id: 'b' }));
    api.fakes.settlement.answers.set('listOperators', { data, nextCursor: 'more' });
    await expect(api.request(token, 'GET', '/v1/operators?format=csv')).rejects.toThrow();
    api.fakes.settlement.answers.delete('listOperators');
  });

  it('exports one page when a limit is given, and names the next', async () => {
    api.fakes.settlement.answers.set('listBills', pagedBills);
    const { text, headers } = await api.request(token, 'GET', '/v1/bills?limit=1', undefined, { accept: 'text/csv' });
    expect(text.trimEnd().split('\r\n')).toHaveLength(2);
    expect(headers.get('x-next-cursor')).toBe('1');
  });

  it.each([
    '/v1/charge-points',
    '/v1/pending-charge-points',
    '/v1/sessions',
    '/v1/accounts',
    '/v1/stations',
    '/v1/tariffs',
    '/v1/operators',
    '/v1/bills',
    '/v1/settlements',
    '/v1/audit',
    '/v1/reconciliations/00000000-0000-4000-8000-000000000001/breaks',
    '/v1/accounts/EV-1/id-tags',
  ])('%s exports a header even when it is empty', async (path) => {
    for (const operation of ['listBills'] satisfies OperationName[]) api.fakes.settlement.answers.delete(operation);
    const operator = await api.tokenFor({ role: 'operator', organisation: 'STAR' });
    const asked = path === '/v1/pending-charge-points' ? operator : token;
    const { status, text } = await api.request(asked, 'GET', `${path}?format=csv`);
    expect(status).toBe(200);
    expect(text).toMatch(/^[a-zA-Z0-9.,]+\r\n$/);
  });
});
