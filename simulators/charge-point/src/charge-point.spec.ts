import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AUTHORIZE_ATTEMPTS_MAX, ChargePoint } from './charge-point.js';
import { systemClock } from './clock.js';
import { OcppClient } from './ocpp-client.js';
import { Rng } from './rng.js';
import { CentralSystem, type Replies, politeReplies } from './testing/central-system.js';

let central: CentralSystem;
let pile: ChargePoint;

async function setUp(replies: Replies = politeReplies()): Promise<void> {
  central = await CentralSystem.start(replies);
  const rng = new Rng(1);
  const connectors = [1, 2].map((connectorId) => ({ connectorId, ratedPowerW: 480_000, registerWh: 1000 }));
  pile = new ChargePoint(
    {
      vendor: 'Tallywatt',
      model: 'Virtual',
      connectors,
      clock: systemClock,
      rng,
      remoteSessionMs: () => 5000,
      sampleIntervalMs: 40,
    },
    (onCall) =>
      new OcppClient({
        endpoint: central.endpoint,
        chargePointId: 'CP1',
        password: 'p',
        strict: true,
        clock: systemClock,
        rng,
        onCall,
      }),
  );
  await pile.start();
}
const until = async (condition: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 300 && !condition(); turn += 1) await systemClock.sleep(10);
  if (!condition()) throw new Error('it never happened');
};
const statuses = (): unknown[] =>
  central.callsOf('StatusNotification').map((frame) => {
    const { connectorId, status } = frame[3] as Record<string, unknown>;
    return `${String(connectorId)} ${String(status)}`;
  });

afterEach(async () => {
  await pile.stop();
  central.stop();
});

describe('a charge point', () => {
  beforeEach(() => setUp());

  it('boots, reports its connectors and takes over the heartbeat interval', () => {
    expect(central.frames.map((frame) => (JSON.parse(frame) as string[])[2])).toEqual([
      'BootNotification',
      'StatusNotification',
      'StatusNotification',
    ]);
    expect(pile.configuration.number('HeartbeatInterval')).toBe(300);
  });

  it('runs a session through every status, with samples, and a register that adds up', async () => {
    const finished = await pile.runSession(1, 'TAG', 120);
    expect(statuses().slice(2)).toEqual(['1 Preparing', '1 Charging', '1 Finishing', '1 Available']);
    expect(central.callsOf('StartTransaction')[0]?.[3]).toMatchObject({
      connectorId: 1,
      idTag: 'TAG',
      meterStart: 1000,
    });
    expect(central.callsOf('MeterValues').length).toBeGreaterThanOrEqual(1);
    expect(central.callsOf('StopTransaction')[0]?.[3]).toMatchObject({
      transactionId: 1001,
      idTag: 'TAG',
      meterStop: 1000 + (finished?.energyWh ?? 0),
      reason: 'Local',
    });
    expect(finished?.energyWh).toBeGreaterThan(0);
  });

  it('does not begin a second session on a busy connector', async () => {
    const first = pile.runSession(1, 'A', 60);
    await expect(pile.runSession(1, 'B', 60)).resolves.toBeUndefined();
    await expect(pile.runSession(9, 'B', 60)).resolves.toBeUndefined();
    await first;
  });

  it('obeys RemoteStart and RemoteStop', async () => {
    expect((await central.call('CP1', 'RemoteStartTransaction', { idTag: 'R', connectorId: 2 }))[2]).toEqual({
      status: 'Accepted',
    });
    await until(() => statuses().includes('2 Charging'));
    expect((await central.call('CP1', 'RemoteStartTransaction', { idTag: 'R', connectorId: 2 }))[2]).toEqual({
      status: 'Rejected',
    });
    expect((await central.call('CP1', 'RemoteStopTransaction', { transactionId: 77 }))[2]).toEqual({
      status: 'Rejected',
    });
    expect((await central.call('CP1', 'RemoteStopTransaction', { transactionId: 1001 }))[2]).toEqual({
      status: 'Accepted',
    });
    await until(() => statuses().at(-1) === '2 Available');
    expect(central.callsOf('StopTransaction')[0]?.[3]).toMatchObject({ reason: 'Remote', transactionId: 1001 });
  });

  it('ends the session on UnlockConnector', async () => {
    const running = pile.runSession(1, 'A', 60_000);
    await until(() => statuses().includes('1 Charging'));
    expect((await central.call('CP1', 'UnlockConnector', { connectorId: 1 }))[2]).toEqual({ status: 'Unlocked' });
    expect((await central.call('CP1', 'UnlockConnector', { connectorId: 5 }))[2]).toEqual({ status: 'NotSupported' });
    await running;
    expect(central.callsOf('StopTransaction')[0]?.[3]).toMatchObject({ reason: 'UnlockCommand' });
  });

  it('schedules ChangeAvailability while charging', async () => {
    const running = pile.runSession(1, 'A', 60_000);
    await until(() => statuses().includes('1 Charging'));
    expect((await central.call('CP1', 'ChangeAvailability', { connectorId: 0, type: 'Inoperative' }))[2]).toEqual({
      status: 'Scheduled',
    });
    await until(() => statuses().includes('2 Unavailable'));
    pile.connectors.get(1)?.session?.ending.abort('Local');
    await running;
    expect(statuses().at(-1)).toBe('1 Unavailable');
    expect((await central.call('CP1', 'ChangeAvailability', { connectorId: 7, type: 'Operative' }))[2]).toEqual({
      status: 'Rejected',
    });
  });

  it('keeps its configuration', async () => {
    expect((await central.call('CP1', 'ChangeConfiguration', { key: 'HeartbeatInterval', value: '60' }))[2]).toEqual({
      status: 'Accepted',
    });
    expect((await central.call('CP1', 'GetConfiguration', { key: ['HeartbeatInterval', 'Odd'] }))[2]).toEqual({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '60' }],
      unknownKey: ['Odd'],
    });
    expect((await central.call('CP1', 'ClearCache', {}))[2]).toEqual({ status: 'Accepted' });
    expect((await central.call('CP1', 'DataTransfer', { vendorId: 'x' }))[2]).toEqual({ status: 'UnknownVendorId' });
  });

  it('sends what TriggerMessage asks for', async () => {
    for (const requestedMessage of ['BootNotification', 'Heartbeat', 'MeterValues', 'StatusNotification']) {
      expect((await central.call('CP1', 'TriggerMessage', { requestedMessage, connectorId: 1 }))[2]).toEqual({
        status: 'Accepted',
      });
    }
    await until(() => central.callsOf('Heartbeat').length === 1 && central.callsOf('MeterValues').length === 1);
    expect(central.callsOf('BootNotification')).toHaveLength(2);
    expect(
      (await central.call('CP1', 'TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' }))[2],
    ).toEqual({ status: 'NotImplemented' });
    expect((await central.call('CP1', 'TriggerMessage', { requestedMessage: 'Heartbeat', connectorId: 9 }))[2]).toEqual(
      { status: 'Rejected' },
    );
  });

  it('stops its sessions, restarts and boots again on Reset', async () => {
    const running = pile.runSession(1, 'A', 60_000);
    await until(() => statuses().includes('1 Charging'));
    expect((await central.call('CP1', 'Reset', { type: 'Hard' }))[2]).toEqual({ status: 'Accepted' });
    await running;
    expect(central.callsOf('StopTransaction')[0]?.[3]).toMatchObject({ reason: 'HardReset' });
    await until(() => central.callsOf('BootNotification').length === 2);
  });

  it('answers NotSupported and NotImplemented as the standard tells them apart', async () => {
    expect(
      (
        await central.call('CP1', 'ReserveNow', {
          connectorId: 1,
          expiryDate: '2030-01-01T00:00:00Z',
          idTag: 'A',
          reservationId: 1,
        })
      )[2],
    ).toBe('NotSupported');
    const answer = (await central.call('CP1', 'MakeCoffee', {}))[2];
    expect(['NotImplemented', 'ProtocolError']).toContain(answer);
  });
});

describe('a charge point whose user is refused', () => {
  it('does not charge when Authorize says no', async () => {
    await setUp((action, payload, name) =>
      action === 'Authorize' ? { idTagInfo: { status: 'Blocked' } } : politeReplies()(action, payload, name),
    );
    expect(await pile.runSession(1, 'B', 1000)).toEqual({ transactionId: -1, authorization: 'Blocked', energyWh: 0 });
    expect(central.callsOf('StartTransaction')).toHaveLength(0);
    expect(statuses().at(-1)).toBe('1 Available');
  });

  it('asks again when Authorize stays without an answer, and gives up', async () => {
    let asked = 0;
    await setUp((action, payload, name) => {
      if (action !== 'Authorize') return politeReplies()(action, payload, name);
      asked += 1;
      return { error: 'InternalError' };
    });
    expect(await pile.runSession(1, 'B', 1000)).toMatchObject({ authorization: 'Invalid' });
    expect(asked).toBe(AUTHORIZE_ATTEMPTS_MAX);
  });

  it('stops at once, without energy, when only StartTransaction says no', async () => {
    await setUp((action, payload, name) =>
      action === 'StartTransaction'
        ? { transactionId: 5, idTagInfo: { status: 'ConcurrentTx' } }
        : politeReplies()(action, payload, name),
    );
    expect(await pile.runSession(1, 'B', 1000)).toEqual({
      transactionId: 5,
      authorization: 'ConcurrentTx',
      energyWh: 0,
    });
    expect(central.callsOf('StopTransaction')[0]?.[3]).toMatchObject({
      transactionId: 5,
      meterStop: 1000,
      reason: 'DeAuthorized',
    });
  });
});
