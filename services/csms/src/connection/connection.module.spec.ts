import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, Logger, Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WebSocket } from 'ws';
import { CommandGateway } from '../api/command-gateway.js';
import { CommandStore } from '../commands/command-store.js';
import { CommandsModule } from '../commands/commands.module.js';
import { MemoryCommandStore } from '../commands/testing/memory-command-store.js';
import { ACTIONS } from '../ocpp/actions.js';
import { FlagStore } from '../ocpp/flag-counter.js';
import { HANDLES } from '../ocpp/handles.decorator.js';
import { OcppModule } from '../ocpp/ocpp.module.js';
import { ChargePointStore } from '../piles/charge-point.js';
import { Authorisation } from '../sessions/authorisation.js';
import { ConnectionConfig } from './connection-config.js';
import { ConnectionLog, type ConnectionEvent } from './connection-log.js';
import { ConnectionModule, OcppServerLifecycle } from './connection.module.js';
import { MemoryPendingPiles, PendingPiles } from './pending-piles.js';
import { FrameLog, type LoggedFrame } from './pile-caller.js';
import { KEY_HEX, PEPPER, TestPile, basicHeader, credentialOf, eventually, pileOf } from './testing/ocpp-harness.js';

/** The three modules as csms wires them, with the ports of the other parts in memory. */
Logger.overrideLogger(false);
const frames: LoggedFrame[] = [];
const events: ConnectionEvent[] = [];
const store = new MemoryCommandStore();

const handlers = ACTIONS.map((action) => {
  const answer = action === 'Heartbeat' ? { currentTime: '2026-01-01T00:00:00Z' } : {};
  class Handler {
    handle = async (): Promise<object> => answer;
  }
  Reflect.defineMetadata(HANDLES, action, Handler);
  return Handler;
});

const ports = [
  {
    provide: ChargePointStore,
    useValue: {
      find: async (id: string) => (id === 'CP1' ? pileOf(id) : undefined),
      findCredential: async (id: string) => credentialOf(id),
    },
  },
  { provide: ConnectionConfig, useValue: { server: { host: '127.0.0.1', port: 0 }, pepper: PEPPER } },
  { provide: FrameLog, useValue: { append: (frame: LoggedFrame) => void frames.push(frame) } },
  { provide: ConnectionLog, useValue: { append: (event: ConnectionEvent) => void events.push(event) } },
  { provide: PendingPiles, useClass: MemoryPendingPiles },
  { provide: CommandStore, useValue: store },
  { provide: FlagStore, useValue: { add: async () => undefined } },
  { provide: Authorisation, useValue: { authorize: async () => 'Accepted' } },
];

@Global()
@Module({ providers: ports, exports: ports.map(({ provide }) => provide) })
class PortsModule {}

let application: INestApplicationContext;
let port: number;
beforeAll(async () => {
  const testing = Test.createTestingModule({
    imports: [PortsModule, OcppModule, ConnectionModule, CommandsModule],
    providers: handlers,
  });
  application = await (await testing.compile()).init();
  port = application.get(OcppServerLifecycle).ports[0] ?? 0;
});
afterAll(() => application.close());

async function connect(): Promise<TestPile> {
  const headers = { authorization: basicHeader('CP1', Buffer.from(KEY_HEX, 'hex')) };
  const pile = new TestPile(new WebSocket(`ws://127.0.0.1:${port}/ocpp/CP1`, ['ocpp1.6'], { headers }));
  await pile.opened;
  return pile;
}

describe('OCPP, connection and commands as one application', () => {
  it('routes a call through schema and handler', async () => {
    const pile = await connect();
    pile.send('[2,"1","Heartbeat",{}]');
    pile.send('[2,"2","Authorize",{}]');
    const heard = await pile.hears(2);
    expect(heard[0]).toBe('[3,"1",{"currentTime":"2026-01-01T00:00:00Z"}]');
    expect(heard[1]).toMatch(/^\[4,"2","OccurenceConstraintViolation"/);
    expect(frames).toHaveLength(4);
    expect(events[0]).toMatchObject({ kind: 'connected', chargePointId: 'CP1' });
    pile.socket.terminate();
  });

  it('sends a command and ends it with the answer of the pile', async () => {
    const pile = await connect();
    const commands = application.get(CommandGateway, { strict: false });
    const { id } = await commands.request({
      chargePointId: 'CP1',
      action: 'ChangeAvailability',
      payload: { connectorId: 0, type: 'Inoperative' },
      requestedBy: 'ada',
    });
    const [, messageId, action, payload] = JSON.parse((await pile.hears(1))[0] ?? '');
    expect([action, payload]).toEqual(['ChangeAvailability', { connectorId: 0, type: 'Inoperative' }]);
    expect(await commands.find(id)).toMatchObject({ state: 'sent' });
    pile.send(`[3,"${messageId}",{"status":"Scheduled"}]`);
    await eventually(() => store.states.length === 3);
    expect(await commands.find(id)).toMatchObject({ state: 'accepted', result: { status: 'Scheduled' } });
  });

  it('frees its port when the application closes', async () => {
    await application.close();
    await expect(connect()).rejects.toThrow();
  });
});
