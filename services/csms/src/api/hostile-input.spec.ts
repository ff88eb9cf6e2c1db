import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { ACCESS_TABLE } from './auth/access-table.js';
import { BODY_BYTES_MAX } from './http-server.js';
import { startTestApi, type TestApi } from './testing/test-api.js';
import { BODY_DEPTH_MAX, ERRORS_MAX } from './validation.pipe.js';

let api: TestApi;
let tokens: Record<string, string>;

beforeAll(async () => {
  api = await startTestApi();
  tokens = {
    operator: await api.tokenFor({ role: 'operator', organisation: 'STAR' }),
    finance: await api.tokenFor({ role: 'finance', organisation: 'STAR' }),
    driver: await api.tokenFor({ role: 'driver', organisation: 'STAR', evId: 'EV-1' }),
    supervisor: await api.tokenFor({ role: 'supervisor', organisation: 'SUPERVISION' }),
  };
});
afterAll(() => api.app.close());

function tokenFor(key: string): string {
  const access = ACCESS_TABLE.get(key);
  return tokens[(Array.isArray(access) ? access[0] : undefined) ?? ''] ?? '';
}

/** A path of the route whose ids are well-formed. */
function pathOf(key: string): { method: string; path: string } {
  const [method = '', path = ''] = key.split(' ');
  const id = /sessions|reconciliations|breaks|commands\/:/.test(path) ? '00000000-0000-4000-8000-000000000001' : 'X-1';
  return { method, path: path.replaceAll(/:[a-zA-Z]+/g, id) };
}

/** Verbs without a body. */
const BODILESS = ['POST /v1/charge-points/:id/password', 'POST /v1/settlements/:id/retry'];
const WITH_BODY = [...ACCESS_TABLE.keys()].filter((key) => !key.startsWith('GET') && !BODILESS.includes(key));

describe('bad bodies', () => {
  it.each(WITH_BODY)('%s refuses unknown fields, wrong types and nothing at all', async (key) => {
    const { method, path } = pathOf(key);
    for (const body of [
      { surprise: 1 },
      [],
      { amountMinor: 5, id: {}, evId: [], action: 7, name: null },
      '"text"',
      '{',
    ]) {
      const answer = await api.request(tokenFor(key), method, path, body, { 'idempotency-key': 'k' });
      expect({ key, body, status: answer.status }).toEqual({ key, body, status: 400 });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.json()).toMatchObject({
        status: 400,
        code: expect.stringMatching(/^(invalid_request|malformed_request)$/),
      });
    }
    expect((await api.request(tokenFor(key), method, path, undefined, { 'idempotency-key': 'k' })).status).toBe(400);
  });

  it('names the place of every fault by a JSON pointer', async () => {
    const body = { id: 'a b', operatorId: 'STAR', stationId: 'S', connectors: [{ connectorId: 0, ratedPowerW: 7000 }] };
    const { json } = await api.request(tokens['operator'], 'POST', '/v1/charge-points', body);
    const pointers = [
      expect.objectContaining({ pointer: '/id' }),
      expect.objectContaining({ pointer: '/connectors/0/connectorId' }),
    ];
    expect(json()['errors']).toEqual(expect.arrayContaining(pointers));
  });

  it('names no more faults than a person reads', async () => {
    const connectors = Array.from({ length: ERRORS_MAX + 5 }, () => ({ connectorId: 0, ratedPowerW: 0 }));
    const body = { id: 'CP', operatorId: 'STAR', stationId: 'S', connectors };
    const { json } = await api.request(tokens['operator'], 'POST', '/v1/charge-points', body);
    expect(json()['errors']).toHaveLength(ERRORS_MAX);
  });

  it('refuses bodies over 256 KiB, before anything reads them', async () => {
    const body = JSON.stringify({ action: 'x', payload: { filler: 'a'.repeat(BODY_BYTES_MAX) } });
    const { status, json } = await api.request(tokens['operator'], 'POST', '/v1/charge-points/X/commands', body);
    expect(status).toBe(413);
    expect(json()).toMatchObject({ code: 'body_too_large', requestId: expect.any(String) });
  });

  it('refuses text that PostgreSQL cannot store, and nesting without end', async () => {
    const deep = `${'{"a":'.repeat(BODY_DEPTH_MAX + 2)}1${'}'.repeat(BODY_DEPTH_MAX + 2)}`;
    const bodies = [
      '{"action":"x","payload":{"a":"\\u0000"}}',
      '{"action":"\\ud800"}',
      `{"action":"x","payload":${deep}}`,
    ];
    for (const body of bodies) {
      const { status } = await api.request(tokens['operator'], 'POST', '/v1/charge-points/X/commands', body);
      expect(status).toBe(400);
    }
  });

  it('leaves Object.prototype alone', async () => {
    const bodies = [
      '{"__proto__":{"polluted":1}}',
      '{"action":"x","payload":{"constructor":{"prototype":{"polluted":1}},"__proto__":{"polluted":1}}}',
    ];
    for (const body of bodies) await api.request(tokens['operator'], 'POST', '/v1/charge-points/X/commands', body);
    await api.request(
      tokens['operator'],
      'GET',
      '/v1/sessions?__proto__[polluted]=1&constructor[prototype][polluted]=1',
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
  });
});

describe('bad paths and queries', () => {
  it.each([
    '/v1/charge-points/%00',
    '/v1/charge-points/a%20b',
    '/v1/charge-points/..%2f..%2fetc%2fpasswd',
    '/v1/id-tags/%00',
    '/v1/sessions/not-a-uuid',
    '/v1/bills/%F0%9F%92%A9',
    '/v1/ledger/blocks/-1',
    '/v1/ledger/tx/xyz',
    '/v1/nothing',
    '/etc/passwd',
    `/v1/id-tags/${'x'.repeat(21)}`,
    '/v1/charge-points/__proto__x!',
    '/v2/sessions',
    '/index.html',
    '/app.js/..%2f..%2fpackage.json',
  ])('%s does not exist', async (path) => {
    const { status, json } = await api.request(tokens['supervisor'], 'GET', path);
    expect(status).toBe(404);
    expect(json()).toMatchObject({ code: 'not_found', title: 'There is nothing at this address for you.' });
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'unknown=1',
    'from=yesterday',
    'evId=a;b',
    'cursor=a&cursor=b',
    'status=1',
    'format=xml',
  ])('GET /v1/sessions?%s is refused', async (query) => {
    expect((await api.request(tokens['supervisor'], 'GET', `/v1/sessions?${query}`)).status).toBe(400);
  });

  it('answers broken percent encoding with a problem', async () => {
    const { status, headers } = await api.request(tokens['supervisor'], 'GET', '/v1/charge-points/%E0%A4%A');
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
  });

  it('answers other methods with 404', async () => {
    for (const method of ['DELETE', 'OPTIONS', 'PUT']) {
      expect((await api.request(tokens['operator'], method, '/v1/charge-points')).status).toBe(404);
    }
  });

  it('echoes only request ids that are ids', async () => {
    const good = await api.request(tokens['operator'], 'GET', '/v1/me', undefined, { 'x-request-id': 'abc-1' });
    expect(good.headers.get('x-request-id')).toBe('abc-1');
    const bad = await api.request(tokens['operator'], 'GET', '/v1/me', undefined, {
      'x-request-id': '${jndi:ldap}<script>',
    });
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the socket', () => {
  it('closes on a client that sends a header without end', async () => {
    const status = await new Promise<number | string | undefined>((resolve) => {
      const headers = { authorization: `Bearer ${tokens['operator']}`, 'x-filler': 'a'.repeat(64 * 1024) };
      const sent = httpRequest(`${api.url}/v1/me`, { headers }, (response) => resolve(response.statusCode));
      sent.on('error', (error) => resolve(error.message));
      sent.end();
    });
    expect(status).toBe(431);
  });
});
