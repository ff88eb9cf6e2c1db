import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ChargePoint } from '../piles/charge-point.js';
import { ConnectionEvents, type ConnectionEvent } from './connection-log.js';
import { CredentialChecker } from './credentials.js';
import { ATTEMPT_WINDOW_MS, FAILURES_PER_IDENTITY_MAX, FAILURES_PER_IP_MAX } from './limits.js';
import { MemoryPendingPiles } from './pending-piles.js';
import { FakeClock } from './testing/fake-socket.js';
import { KEY_HEX, PEPPER, basicHeader, credentialOf, pileOf } from './testing/ocpp-harness.js';
import { UpgradeGuard, type UpgradeRequest } from './upgrade-guard.js';

const key = Buffer.from(KEY_HEX, 'hex');
let clock: FakeClock;
let events: ConnectionEvent[];
let pending: MemoryPendingPiles;
let piles: Map<string, ChargePoint>;
let guard: UpgradeGuard;
let isStoreDown: boolean;

beforeEach(() => {
  clock = new FakeClock();
  events = [];
  pending = new MemoryPendingPiles();
  piles = new Map([['CP1', pileOf('CP1')]]);
  isStoreDown = false;
  const bus = new ConnectionEvents();
  bus.subscribe((event) => events.push(event));
  const chargePoints = {
    find: async (id: string) => {
      if (isStoreDown) throw new Error('down');
      return piles.get(id);
    },
    findCredential: async (id: string) => credentialOf(id),
  };
  guard = new UpgradeGuard({ chargePoints, credentials: new CredentialChecker(PEPPER), pending, events: bus, clock });
});

function requestOf(more: Partial<UpgradeRequest> = {}, id = 'CP1'): UpgradeRequest {
  return {
    url: `/ocpp/${id}`,
    method: 'GET',
    upgrade: 'websocket',
    subprotocols: 'ocpp1.6',
    authorization: basicHeader(id, key),
    remoteAddress: '10.0.0.9',
    secure: false,
    clientCertificate: undefined,
    ...more,
  };
}
const wrongKey = { authorization: basicHeader('CP1', Buffer.alloc(20)) };
const refused = (status: number) => ({ type: 'refuse', status });

describe('UpgradeGuard', () => {
  it('accepts, and hands over the pile and the subprotocol', async () => {
    expect(await guard.decide(requestOf())).toEqual({
      type: 'accept',
      chargePoint: piles.get('CP1'),
      subprotocol: 'ocpp1.6',
    });
    expect(events).toEqual([]);
  });

  it.each<[Partial<UpgradeRequest>, number]>([
    [{ method: 'POST' }, 400],
    [{ upgrade: 'h2c' }, 400],
    [{ upgrade: undefined }, 400],
    [{ subprotocols: undefined }, 400],
    [{ subprotocols: '' }, 400],
    [{ subprotocols: 'ocpp1.6.1' }, 400],
    [{ url: '/elsewhere' }, 404],
    [{ authorization: undefined }, 401],
    [wrongKey, 401],
    [{ authorization: basicHeader('CP2', key) }, 401],
  ])('refuses %j with %d', async (more, status) => {
    expect(await guard.decide(requestOf(more))).toEqual(refused(status));
  });

  it('names the cause of a refusal in the log, not in the answer', async () => {
    await guard.decide(requestOf(wrongKey));
    await guard.decide(requestOf({}, 'NEW'));
    piles.set('P2', pileOf('P2', { securityProfile: 2 }));
    await guard.decide(requestOf({}, 'P2'));
    expect(events).toMatchObject([
      { kind: 'refused', chargePointId: 'CP1', cause: 'bad-credentials', remoteAddress: '10.0.0.9' },
      { kind: 'refused', chargePointId: 'NEW', cause: 'unregistered' },
      { kind: 'refused', chargePointId: 'P2', cause: 'security-profile' },
    ]);
    expect(await pending.list()).toMatchObject([{ chargePointId: 'NEW' }]);
  });

  it('treats an unregistered identity like a registered one when attempts are counted', async () => {
    for (const id of ['CP1', 'NEW']) {
      const statuses = [];
      for (let attempt = 0; attempt <= FAILURES_PER_IDENTITY_MAX; attempt++) {
        statuses.push(await guard.decide(requestOf({ authorization: basicHeader(id, Buffer.alloc(20)) }, id)));
      }
      expect(statuses.at(-2)).toEqual(refused(401));
      expect(statuses.at(-1)).toEqual({ type: 'refuse', status: 429, retryAfterS: ATTEMPT_WINDOW_MS / 1000 });
    }
  });

  it('evaluates no more guesses when they come at once', async () => {
    const guesses = Array.from({ length: 50 }, () => guard.decide(requestOf(wrongKey)));
    const evaluated = (await Promise.all(guesses)).filter(
      (decision) => decision.type === 'refuse' && decision.status === 401,
    );
    expect(evaluated).toHaveLength(FAILURES_PER_IDENTITY_MAX);
  });

  it('opens again when the window has passed', async () => {
    for (let attempt = 0; attempt < FAILURES_PER_IDENTITY_MAX; attempt++) await guard.decide(requestOf(wrongKey));
    expect(await guard.decide(requestOf())).toMatchObject({ status: 429 });
    clock.nowMs += ATTEMPT_WINDOW_MS;
    expect(await guard.decide(requestOf())).toMatchObject({ type: 'accept' });
  });

  it('counts addresses apart, and right keys not at all', async () => {
    for (let attempt = 0; attempt < FAILURES_PER_IP_MAX * 2; attempt++) await guard.decide(requestOf());
    for (let attempt = 0; attempt < FAILURES_PER_IP_MAX; attempt++)
      await guard.decide(requestOf({}, `SCAN-${attempt}`));
    expect(await guard.decide(requestOf())).toMatchObject({ status: 429 });
    expect(await guard.decide(requestOf({ remoteAddress: '10.0.0.10' }))).toMatchObject({ type: 'accept' });
  });

  it('answers 503 while the store is down, and counts no failure', async () => {
    isStoreDown = true;
    for (let attempt = 0; attempt < FAILURES_PER_IDENTITY_MAX * 2; attempt++)
      expect(await guard.decide(requestOf())).toEqual(refused(503));
    isStoreDown = false;
    expect(await guard.decide(requestOf())).toMatchObject({ type: 'accept' });
  });

  it('believes a certificate only over TLS', async () => {
    piles.set('P3', pileOf('P3', { securityProfile: 3 }));
    const clientCertificate = { commonName: 'P3', organisation: 'TELD' };
    expect(await guard.decide(requestOf({ clientCertificate, secure: true }, 'P3'))).toMatchObject({ type: 'accept' });
    expect(await guard.decide(requestOf({ clientCertificate, secure: false }, 'P3'))).toEqual(refused(401));
  });
});
