import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OPERATION_TIMEOUT_MS } from '@tallywatt/contracts';
import { ApiClient, ApiError, REQUEST_MS_MAX, RETRIES_MAX } from './api-client.js';
import type { Clock } from './clock.js';

const slept: number[] = [];
const clock: Clock = { nowMs: () => 0, sleep: (ms) => (slept.push(ms), Promise.resolve()) };
const closers: (() => void)[] = [];

async function apiThat(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<ApiClient> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'secret', clock);
}
const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

afterEach(() => closers.splice(0).forEach((close) => close()));

describe('ApiClient', () => {
  it('sends the token and follows pages to the end', async () => {
    const urls: string[] = [];
    const api = await apiThat((request, response) => {
      urls.push(`${request.headers.authorization} ${request.url}`);
      json(response, 200, urls.length === 1 ? { data: [1, 2], nextCursor: 'a b' } : { data: [3], nextCursor: null });
    });
    const seen: unknown[] = [];
    for await (const element of api.list('/v1/bills?operatorId=SG')) seen.push(element);
    expect(seen).toEqual([1, 2, 3]);
    expect(urls).toEqual([
      'Bearer secret /v1/bills?operatorId=SG&limit=200',
      'Bearer secret /v1/bills?operatorId=SG&limit=200&cursor=a%20b',
    ]);
  });

  it('waits as long as the server asks, then repeats', async () => {
    let calls = 0;
    const api = await apiThat((_request, response) => {
      calls += 1;
      if (calls === 1) json(response, 503, {}, { 'retry-after': '2' });
      else json(response, 201, { id: 'x' });
    });
    await expect(api.post('/v1/accounts', {})).resolves.toEqual({ id: 'x' });
    expect(slept.at(-1)).toBe(2000);
  });

  it('gives up on a server that is busy for ever, and waits longer than an operation may take', async () => {
    let calls = 0;
    const api = await apiThat((_request, response) => {
      calls += 1;
      json(response, 503, { code: 'unavailable' });
    });
    await expect(api.get('/v1/ledger')).rejects.toMatchObject({ status: 503 });
    expect(calls).toBe(RETRIES_MAX + 1);
    expect(REQUEST_MS_MAX).toBeGreaterThan(OPERATION_TIMEOUT_MS);
  });

  it('takes 409 for "exists" only where that is asked for', async () => {
    const api = await apiThat((_request, response) => json(response, 409, { code: 'exists', detail: 'there already' }));
    await expect(api.postUnlessExists('/v1/stations', {})).resolves.toBeUndefined();
    await expect(api.post('/v1/stations', {})).rejects.toMatchObject({ status: 409, code: 'exists' });
  });

  it('names status, code and route of a refusal, also when the body is not JSON', async () => {
    const api = await apiThat((_request, response) => response.writeHead(502).end('<html>'));
    const error = await api.get('/v1/ledger').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(String(error)).toContain('GET /v1/ledger: 502');
  });
});
