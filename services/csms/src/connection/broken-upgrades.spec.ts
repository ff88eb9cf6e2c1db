import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HEADER_BYTES_MAX, URL_LENGTH_MAX } from './limits.js';
import { OcppHarness, type RawAnswer } from './testing/ocpp-harness.js';

/** Guarantee 1 and C12: whatever is asked for, HTTP answers; the process lives, and a pile can connect afterwards. */
const SEED = 20260301;
const URL_COUNT = 1000;
const PARALLEL = 20;

const harness = new OcppHarness();
beforeAll(() => harness.start());
afterAll(() => harness.stop());

/** Bytes that may stand in a request line: no blank, CR or LF, else it is another request. */
const anyByte = fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code));
const brokenEscape = fc.constantFrom(
  '%',
  '%E0%A4%A',
  '%zz',
  '%00',
  '%c0%af',
  '%u0041',
  '%25%',
  '%F0%9F',
  '..',
  '//',
  '?',
  '#',
  ';',
  '\\',
  '@',
);
const segment = fc
  .array(fc.oneof(anyByte, brokenEscape, fc.constantFrom('CP1', 'ocpp')), { maxLength: 30 })
  .map((parts) => parts.join(''));
const brokenUrl = fc.oneof(
  segment.map((text) => `/ocpp/${text}`),
  segment.map((text) => `/${text}`),
  segment.map((text) => `/ocpp/CP1/${text}x`),
  segment.map((text) => (text === '' ? '*' : text)),
  fc.integer({ min: 1, max: HEADER_BYTES_MAX / 2 }).map((length) => `/ocpp/${'A'.repeat(49 + length)}`),
);

async function inParallel<T>(inputs: readonly T[], work: (input: T) => Promise<void>): Promise<void> {
  const rest = [...inputs];
  const worker = async (): Promise<void> => {
    for (let input = rest.pop(); input !== undefined; input = rest.pop()) await work(input);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

const isClientError = (answer: RawAnswer): boolean => answer.status >= 400 && answer.status < 500;

describe(`broken upgrade requests (seed ${SEED})`, () => {
  it(`answers ${URL_COUNT} broken URLs with 4xx`, async () => {
    const urls = fc.sample(brokenUrl, { seed: SEED, numRuns: URL_COUNT });
    const wrong: string[] = [];
    await inParallel(urls, async (url) => {
      const request = `GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`;
      const answer = await harness.raw(Buffer.from(request, 'latin1'));
      if (!isClientError(answer)) wrong.push(`${url} → ${answer.text.slice(0, 60)}`);
    });
    expect(wrong).toEqual([]);
    await harness.connect();
  }, 60_000);

  it.each([
    ['no WebSocket', { Upgrade: 'h2c' }],
    ['no key', { 'Sec-WebSocket-Key': '' }],
    ['a short key', { 'Sec-WebSocket-Key': 'abc' }],
    ['version 7', { 'Sec-WebSocket-Version': '7' }],
    ['an empty subprotocol', { 'Sec-WebSocket-Protocol': ',' }],
    ['a subprotocol of noise', { 'Sec-WebSocket-Protocol': '\u0001\u0002' }],
    ['a header of noise', { Authorization: '\u0000\u00ff' }],
    ['no host', { Host: '' }],
    ['a large header', { 'X-Padding': 'x'.repeat(HEADER_BYTES_MAX) }],
  ])('answers an upgrade with %s with 4xx', async (_what, headers) => {
    expect(
      (await harness.upgrade('/ocpp/CP1', { Authorization: 'Basic Q1AxOng=', ...headers })).status,
    ).toBeGreaterThanOrEqual(400);
    expect((await harness.upgrade('/ocpp/CP1', { Authorization: 'Basic Q1AxOng=', ...headers })).status).toBeLessThan(
      500,
    );
  });

  it('answers text that is no HTTP, and requests that are no upgrade', async () => {
    expect((await harness.raw('hello\r\n\r\n')).status).toBe(400);
    expect((await harness.raw('GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n')).status).toBe(426);
    expect((await harness.raw('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}')).status).toBe(404);
  });

  it('survives sockets that reset in the middle', async () => {
    await inParallel(
      Array.from({ length: 50 }, (_, at) => at),
      async (at) => {
        await new Promise<void>((resolve) => {
          const socket = harness.socket(`/ocpp/CP${at}`, { user: `CP${at}`, password: Buffer.alloc(20) });
          socket.on('error', () => undefined);
          socket.on('close', () => resolve());
          setTimeout(() => socket.terminate(), at % 5);
        });
      },
    );
    expect((await harness.raw('GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n')).status).toBe(426);
  });

  it('refuses a URL beyond the limit', async () => {
    expect((await harness.upgrade(`/ocpp/CP1?${'x'.repeat(URL_LENGTH_MAX)}`)).status).toBe(400);
  });
});
