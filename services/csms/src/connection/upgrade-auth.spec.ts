import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAILURES_PER_IDENTITY_MAX, FAILURES_PER_IP_MAX, REFUSAL_DELAY_MS } from './limits.js';
import { KEY_HEX, OcppHarness, basicHeader, pileOf, type RawAnswer } from './testing/ocpp-harness.js';

const key = Buffer.from(KEY_HEX, 'hex');
let harness: OcppHarness;
beforeEach(async () => {
  const piles = ['CP1', 'CP2', 'CP3', 'CP4', 'CP5', 'CP6'].map((id) => pileOf(id));
  harness = await new OcppHarness({
    piles: [...piles, pileOf('P0', { securityProfile: 0 }), pileOf('P2', { securityProfile: 2 })],
  }).start();
});
afterEach(() => harness.stop());

const attempt = (path: string, authorization: string): Promise<RawAnswer> =>
  harness.upgrade(path, { Authorization: authorization });

describe('authentication before the upgrade (C1)', () => {
  it.each([
    ['the bytes', key],
    ['the hexadecimal form', Buffer.from(KEY_HEX)],
    ['the upper-case hexadecimal form', Buffer.from(KEY_HEX.toUpperCase())],
  ])('accepts %s of the key, zero and colon bytes included', async (_what, password) => {
    expect((await attempt('/ocpp/CP1', basicHeader('CP1', password))).status).toBe(101);
  });

  it('accepts the identity twice in the path, for brands that append it', async () => {
    expect((await attempt('/ocpp/CP1/CP1', basicHeader('CP1', key))).status).toBe(101);
    expect((await attempt('/ocpp/CP1/CP2', basicHeader('CP1', key))).status).toBe(404);
  });

  it('answers every way of being a stranger with the same bytes', async () => {
    const answers = [
      await attempt('/ocpp/NOBODY', basicHeader('NOBODY', key)),
      await attempt('/ocpp/CP1', ''),
      await attempt('/ocpp/CP2', basicHeader('CP2', Buffer.alloc(20, 1))),
      await attempt('/ocpp/CP3', basicHeader('CP1', key)),
      await attempt('/ocpp/CP4', basicHeader('CP4', Buffer.alloc(0))),
      await attempt('/ocpp/CP5', 'Basic %%%'),
      await attempt('/ocpp/CP6', 'Bearer abc'),
      await attempt('/ocpp/P2', basicHeader('P2', key)),
    ];
    expect(new Set(answers.map(({ text }) => text))).toEqual(
      new Set([
        'HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 13\r\nWWW-Authenticate: Basic realm="ocpp"\r\n\r\nUnauthorized\n',
      ]),
    );
    for (const { tookMs } of answers) expect(tookMs).toBeGreaterThanOrEqual(REFUSAL_DELAY_MS - 1);
    expect(harness.registry.size).toBe(0);
    expect(harness.frames).toEqual([]);
  });

  it('lists an unregistered pile as pending, and writes nothing else of it', async () => {
    await attempt('/ocpp/NEW-1', basicHeader('NEW-1', key));
    await attempt('/ocpp/NEW-1', basicHeader('NEW-1', key));
    expect(await harness.pending.list()).toMatchObject([
      { chargePointId: 'NEW-1', remoteAddress: '127.0.0.1', attempts: 2 },
    ]);
    expect(harness.events.map((event) => event.kind)).toEqual(['refused', 'refused']);
  });

  it('lets a station of profile 0 in without a key', async () => {
    expect((await attempt('/ocpp/P0', '')).status).toBe(101);
  });
});

describe('attempts are limited (C4)', () => {
  it('locks an identity after its failures, for right keys too, but not its live socket nor other piles', async () => {
    const live = await harness.connect('CP1');
    for (let failure = 0; failure < FAILURES_PER_IDENTITY_MAX; failure++) {
      expect((await attempt('/ocpp/CP1', basicHeader('CP1', Buffer.alloc(20, failure)))).status).toBe(401);
    }
    const locked = await attempt('/ocpp/CP1', basicHeader('CP1', key));
    expect(locked.status).toBe(429);
    expect(Number(/Retry-After: (\d+)/.exec(locked.text)?.[1])).toBeGreaterThan(50);
    live.send('[2,"1","Heartbeat",{}]');
    expect(await live.hears(1)).toEqual(['[3,"1",{}]']);
    await harness.connect('CP2');
  });

  it('locks an address after its failures over many identities', async () => {
    const attempts = Array.from({ length: FAILURES_PER_IP_MAX }, (_, at) =>
      attempt(`/ocpp/SCAN-${at}`, basicHeader(`SCAN-${at}`, key)),
    );
    expect(new Set((await Promise.all(attempts)).map(({ status }) => status))).toEqual(new Set([401]));
    expect((await attempt('/ocpp/CP1', basicHeader('CP1', key))).status).toBe(429);
  });
});
