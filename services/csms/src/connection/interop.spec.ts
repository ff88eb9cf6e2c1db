import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RPCClient } from 'ocpp-rpc';
import { KEY_HEX, OcppHarness, eventually } from './testing/ocpp-harness.js';

/** A charger's side that we did not write, in its strict mode: an independent reading of OCPP-J. */
let harness: OcppHarness;
let client: RPCClient;
beforeEach(async () => {
  harness = await new OcppHarness().start();
  const options = {
    endpoint: `ws://127.0.0.1:${harness.port}/ocpp`,
    identity: 'CP1',
    password: Buffer.from(KEY_HEX, 'hex'),
    protocols: ['ocpp1.6'],
    strictMode: true,
    reconnect: false,
  };
  client = new RPCClient(options as unknown as ConstructorParameters<typeof RPCClient>[0]);
});
afterEach(async () => {
  await client.close({ code: 1000, reason: '', awaitPending: false, force: true });
  await harness.stop();
});

describe('interop with ocpp-rpc', () => {
  it('calls and is answered', async () => {
    harness.router.answer = () => ({
      type: 'result',
      payload: { status: 'Accepted', currentTime: '2026-01-01T00:00:00.000Z', interval: 300 },
    });
    await client.connect();
    const boot = await client.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    expect(boot).toMatchObject({ status: 'Accepted', interval: 300 });
    expect(harness.router.calls[0]).toMatchObject({
      action: 'BootNotification',
      payload: { chargePointVendor: 'V', chargePointModel: 'M' },
    });
  });

  it('understands our CALLERROR', async () => {
    harness.router.answer = () => ({
      type: 'error',
      code: 'NotImplemented',
      description: 'Requested Action is not known by receiver',
    });
    await client.connect();
    await expect(client.call('Heartbeat', {})).rejects.toMatchObject({ rpcErrorCode: 'NotImplemented' });
  });

  it('is called and answers', async () => {
    client.handle('Reset', async () => ({ status: 'Accepted' }));
    await client.connect();
    await eventually(() => harness.registry.isConnected('CP1'));
    expect(await harness.registry.call('CP1', 'Reset', { type: 'Soft' }, 2000)).toEqual({
      type: 'result',
      payload: { status: 'Accepted' },
    });
    expect(await harness.registry.call('CP1', 'UnlockConnector', { connectorId: 1 }, 2000)).toMatchObject({
      type: 'error',
      code: 'NotImplemented',
    });
  });

  it('keeps its order under many calls at once', async () => {
    await client.connect();
    const time = { currentTime: '2026-01-01T00:00:00.000Z' };
    harness.router.answer = () => ({ type: 'result', payload: time });
    expect(await Promise.all(Array.from({ length: 50 }, () => client.call('Heartbeat', {})))).toEqual(
      Array.from({ length: 50 }, () => time),
    );
  });
});
