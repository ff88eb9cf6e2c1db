import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../api/testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.app.close());

describe('health', () => {
  it('is live without asking anybody', async () => {
    api.fakes.database.up = false;
    expect((await api.request(undefined, 'GET', '/health/live')).json()).toEqual({ status: 'live' });
    api.fakes.database.up = true;
  });

  it.each([
    [true, '', 200, { database: 'up', settlement: 'up' }],
    [false, '', 503, { database: 'down', settlement: 'up' }],
    [true, undefined, 503, { database: 'up', settlement: 'down' }],
  ])('database %s and settlement %j: %d', async (database, settlement, status, checks) => {
    api.fakes.database.up = database;
    api.fakes.settlement.metricsText = settlement;
    const answer = await api.request(undefined, 'GET', '/health/ready');
    expect([answer.status, answer.json()['checks']]).toEqual([status, checks]);
    api.fakes.database.up = true;
    api.fakes.settlement.metricsText = '';
  });

  it('joins the figures of both processes and names routes, not paths', async () => {
    api.fakes.settlement.metricsText = '# HELP queue_depth d\n# TYPE queue_depth gauge\nqueue_depth 3\n';
    await api.request(undefined, 'GET', '/v1/sessions/secret-path');
    const { text, headers } = await api.request(undefined, 'GET', '/metrics');
    expect(headers.get('content-type')).toContain('version=0.0.4');
    expect(text).toContain('queue_depth 3');
    expect(text).not.toContain('secret-path');
    expect(text).toMatch(/tallywatt_http_unauthorized_total\{service="csms"\} [1-9]/);
  });
});

describe('documentation', () => {
  it('describes every route with its schemas and roles', async () => {
    const document = (await api.request(undefined, 'GET', '/docs-json')).json();
    const text = JSON.stringify(document);
    expect(Object.keys(document['paths'] as object)).toContain('/v1/charge-points/{id}/commands');
    expect(text).toContain('ratedPowerW');
    expect(text).toContain('Roles: operator.');
    expect((await api.request(undefined, 'GET', '/docs')).status).toBe(200);
  });

  it('serves the page under a policy that lets no other host in', async () => {
    for (const path of ['/', '/app.js', '/elements.js', '/style.css']) {
      const { status, headers, text } = await api.request(undefined, 'GET', path);
      expect(status).toBe(200);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(text).not.toMatch(/https?:\/\/|innerHTML|outerHTML|insertAdjacentHTML|document\.write|<script>|onclick=/);
    }
  });
});
