import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ConnectionEvents, type ConnectionEvent } from '../connection/connection-log.js';
import { pileOf } from '../connection/testing/ocpp-harness.js';
import { PileCaller, type CallOutcome } from '../connection/pile-caller.js';
import { SchemaValidator } from '../ocpp/schema-validator.js';
import type { ChargePoint } from '../piles/charge-point.js';
import { BootConfiguration, WANTED_SETTINGS } from './boot-configuration.js';
import { CommandCatalog } from './command-catalog.js';
import { CommandService } from './command.service.js';
import { MemoryCommandStore } from './testing/memory-command-store.js';

Logger.overrideLogger(false);
const catalog = new CommandCatalog(new SchemaValidator());
const GOOD = {
  TransactionMessageAttempts: '10',
  TransactionMessageRetryInterval: '60',
  MeterValueSampleInterval: '30',
  StopTxnSampledData: 'Voltage,Energy.Active.Import.Register',
  WebSocketPingInterval: '30',
};

/** A pile with settings; keys in `frozen` refuse a change. */
class ConfigurablePile extends PileCaller {
  readonly changed: string[] = [];
  settings = new Map<string, string>(Object.entries(GOOD));
  frozen = new Set<string>();
  isDeaf = false;

  override async call(_id: string, action: string, payload: { key?: unknown; value?: string }): Promise<CallOutcome> {
    if (this.isDeaf) return { type: 'timeout' };
    if (action === 'GetConfiguration' && Array.isArray(payload.key)) {
      const known = payload.key.filter((key: string) => this.settings.has(key));
      const configurationKey = known.map((key: string) => ({
        key,
        readonly: this.frozen.has(key),
        value: this.settings.get(key),
      }));
      return { type: 'result', payload: { configurationKey } };
    }
    const key = String(payload.key);
    if (this.frozen.has(key)) return { type: 'result', payload: { status: 'Rejected' } };
    this.changed.push(`${key}=${payload.value}`);
    this.settings.set(key, payload.value ?? '');
    return { type: 'result', payload: { status: 'Accepted' } };
  }
  override connectedAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(chargePointIds));
  }
}

let pile: ConfigurablePile;
let alarms: ConnectionEvent[];
let events: ConnectionEvents;
let store: MemoryCommandStore;

function configurationOf(chargePoint: ChargePoint | undefined): BootConfiguration {
  const commands = new CommandService(catalog, store, pile, { authorize: async () => 'Accepted' });
  return new BootConfiguration(
    events,
    { find: async () => chargePoint, findCredential: async () => undefined },
    commands,
  );
}

beforeEach(() => {
  pile = new ConfigurablePile();
  store = new MemoryCommandStore();
  events = new ConnectionEvents();
  alarms = [];
  events.subscribe((event) => void (event.kind === 'configuration-refused' && alarms.push(event)));
});

describe('BootConfiguration', () => {
  it('leaves good settings alone', async () => {
    await configurationOf(pileOf('CP1')).configure('CP1');
    expect([pile.changed, alarms, store.states]).toEqual([[], [], ['queued', 'accepted']]);
  });

  it('changes what endangers bills, and reads it back', async () => {
    pile.settings
      .set('TransactionMessageAttempts', '3')
      .set('MeterValueSampleInterval', '0')
      .set('StopTxnSampledData', '');
    await configurationOf(pileOf('CP1')).configure('CP1');
    expect(pile.changed).toEqual([
      'TransactionMessageAttempts=10',
      'MeterValueSampleInterval=60',
      'StopTxnSampledData=Energy.Active.Import.Register',
    ]);
    expect(alarms).toEqual([]);
  });

  it('raises an alarm with the keys that a pile refuses or does not know', async () => {
    pile.settings.set('TransactionMessageAttempts', '3');
    pile.settings.delete('WebSocketPingInterval');
    pile.frozen = new Set(['TransactionMessageAttempts', 'WebSocketPingInterval']);
    await configurationOf(pileOf('CP1')).configure('CP1');
    expect(alarms).toMatchObject([
      { chargePointId: 'CP1', keys: ['TransactionMessageAttempts', 'WebSocketPingInterval'] },
    ]);
  });

  it('raises an alarm over a pile that does not answer', async () => {
    pile.isDeaf = true;
    await configurationOf(pileOf('CP1')).configure('CP1');
    expect(alarms).toMatchObject([{ keys: WANTED_SETTINGS.map(({ key }) => key) }]);
  });

  it('does not trouble simulated or removed piles', async () => {
    pile.settings.clear();
    await configurationOf(pileOf('CP1', { simulated: true })).configure('CP1');
    await configurationOf(undefined).configure('CP1');
    expect([store.states, alarms]).toEqual([[], []]);
  });

  it('runs when a pile has booted, until it is stopped', async () => {
    const configuration = configurationOf(pileOf('CP1'));
    configuration.onModuleInit();
    const booted = { at: 1, chargePointId: 'CP1', kind: 'booted', epoch: 1 } as const;
    events.publish(booted);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(store.states).toEqual(['queued', 'accepted']);
    configuration.onModuleDestroy();
    events.publish(booted);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(store.states).toHaveLength(2);
  });

  it('wants values that meet its own conditions', () => {
    for (const setting of WANTED_SETTINGS) expect(setting.isMetBy(setting.value)).toBe(true);
    for (const setting of WANTED_SETTINGS) expect(setting.isMetBy('NaN')).toBe(false);
  });
});
