import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from './clock.js';
import { OcppClient, type OcppClientOptions } from './ocpp-client.js';
import { CallRefusedError, NoAnswerError, NotAdmittedError } from './pile-link.js';
import { Rng } from './rng.js';
import { CentralSystem, type Replies, politeReplies } from './testing/central-system.js';

const open: { close(): Promise<void> }[] = [];
let central: CentralSystem;

async function setUp(
  replies: Replies = politeReplies(),
  options: Partial<OcppClientOptions> = {},
): Promise<OcppClient> {
  central = await CentralSystem.start(replies);
  const client = new OcppClient({
    endpoint: central.endpoint,
    chargePointId: 'CP1',
    password: 'p:w',
    strict: true,
    clock: systemClock,
    rng: new Rng(1),
    onCall: (action) => Promise.reject(new CallRefusedError(action, 'NotImplemented', 'no')),
    ...options,
  });
  open.push(client);
  return client;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  central.stop();
});

describe('OcppClient', () => {
  it('authenticates with Basic and speaks ocpp1.6', async () => {
    const client = await setUp();
    await client.connect();
    expect(client.connected).toBe(true);
    expect(central.authorizations).toEqual([`Basic ${Buffer.from('CP1:p:w').toString('base64')}`]);
    await expect(client.call('Heartbeat', {})).resolves.toEqual({ currentTime: '2018-06-01T00:00:00Z' });
    expect(central.frames[0]).toMatch(/^\[2,"[0-9a-f-]{36}","Heartbeat",\{\}\]$/);
  });

  it.each([401, 404])('takes HTTP %i for the last word', async (status) => {
    const client = await setUp();
    central.refuseUpgradesWith = status;
    await expect(client.connect()).rejects.toThrow(NotAdmittedError);
  });

  it('comes back after 503', async () => {
    const waits: number[] = [];
    const clock = {
      nowMs: Date.now,
      sleep: (ms: number) => {
        waits.push(ms);
        central.refuseUpgradesWith = undefined;
        return Promise.resolve();
      },
    };
    const client = await setUp(politeReplies(), { clock });
    central.refuseUpgradesWith = 503;
    await client.connect();
    expect(client.connected).toBe(true);
    expect(waits).toHaveLength(1);
  });

  it('tells CALLERROR from no answer', async () => {
    const client = await setUp((action) => (action === 'Authorize' ? { error: 'InternalError' } : 'cut'));
    await client.connect();
    await expect(client.call('Authorize', { idTag: 'A' })).rejects.toMatchObject({
      name: 'CallRefusedError',
      code: 'InternalError',
    });
    await expect(client.call('Heartbeat', {})).rejects.toThrow(NoAnswerError);
  });

  it('validates what it sends and what it gets', async () => {
    const client = await setUp((action) => (action === 'Authorize' ? { idTagInfo: { status: 'Perhaps' } } : {}));
    await client.connect();
    await expect(client.call('StopTransaction', { meterStop: 1.5 })).rejects.toThrow();
    expect(central.frames).toHaveLength(0);
    await expect(client.call('Authorize', { idTag: 'A' })).rejects.toThrow();
  });

  it('answers the central system, and CALLERROR for what it does not know', async () => {
    const client = await setUp(politeReplies(), {
      onCall: (action) =>
        action === 'ClearCache'
          ? Promise.resolve({ status: 'Accepted' })
          : Promise.reject(new CallRefusedError(action, 'NotImplemented', 'no')),
    });
    await client.connect();
    expect(await central.call('CP1', 'ClearCache', {})).toEqual([3, 'server-1', { status: 'Accepted' }]);
    expect((await central.call('CP1', 'GetLocalListVersion', {})).slice(0, 3)).toEqual([
      4,
      'server-2',
      'NotImplemented',
    ]);
  });

  it('repeats the newest frame byte for byte', async () => {
    const client = await setUp();
    await client.connect();
    await client.call('Heartbeat', {});
    client.repeatFrame('Heartbeat');
    await client.call('Authorize', { idTag: 'A' });
    expect(central.frames[1]).toBe(central.frames[0]);
    expect(central.frames).toHaveLength(3);
  });

  it('sends with a message id of its own and finds the answer', async () => {
    const client = await setUp((action) => (action === 'Authorize' ? { error: 'GenericError' } : {}), {
      callTimeoutMs: 500,
    });
    await client.connect();
    await expect(client.callAs('1', 'StopTransaction', { transactionId: -1 })).resolves.toEqual({});
    await expect(client.callAs('1', 'Authorize', { idTag: 'A' })).rejects.toThrow(CallRefusedError);
    expect(central.frames[0]).toBe('[2,"1","StopTransaction",{"transactionId":-1}]');
  });

  it('reconnects by itself after a cut', async () => {
    let reconnected = (): void => undefined;
    const back = new Promise<void>((resolve) => (reconnected = resolve));
    const client = await setUp(politeReplies(), { onReconnected: () => reconnected() });
    await client.connect();
    central.cut('CP1');
    await back;
    await expect(client.call('Heartbeat', {})).resolves.toBeDefined();
  });
});
