import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ConnectionEvents } from '../connection/connection-log.js';
import type { CommandRequests } from '../ocpp/actions.js';
import { isJsonObject } from '../ocpp/message-codec.js';
import { ChargePointStore } from '../piles/charge-point.js';
import { CommandService } from './command.service.js';

export interface WantedSetting {
  readonly key: string;
  readonly value: string;
  isMetBy(value: string): boolean;
}

const atMost = (limit: number) => (value: string) =>
  /^\d{1,9}$/.test(value) && Number(value) > 0 && Number(value) <= limit;
const atLeast = (limit: number) => (value: string) => /^\d{1,9}$/.test(value) && Number(value) >= limit;

/** reliability.md section 6: 45 minutes before a charger drops a bill instead of 3, and readings to fall back on. */
export const WANTED_SETTINGS: readonly WantedSetting[] = [
  { key: 'TransactionMessageAttempts', value: '10', isMetBy: atLeast(10) },
  { key: 'TransactionMessageRetryInterval', value: '60', isMetBy: atLeast(60) },
  { key: 'MeterValueSampleInterval', value: '60', isMetBy: atMost(60) },
  {
    key: 'StopTxnSampledData',
    value: 'Energy.Active.Import.Register',
    isMetBy: (value) => value.split(',').some((measurand) => measurand.trim() === 'Energy.Active.Import.Register'),
  },
  { key: 'WebSocketPingInterval', value: '30', isMetBy: atMost(30) },
];
const REQUESTED_BY = 'system (after boot)';
const KEYS = WANTED_SETTINGS.map(({ key }) => key);

/** After a real pile has booted: reads its settings, changes what endangers bills, reads back, raises an alarm for the rest. */
@Injectable()
export class BootConfiguration implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(BootConfiguration.name);
  private unsubscribe = (): void => undefined;

  constructor(
    private readonly events: ConnectionEvents,
    private readonly chargePoints: ChargePointStore,
    private readonly commands: CommandService,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.events.subscribe((event) => {
      if (event.kind === 'booted')
        void this.configure(event.chargePointId).catch((error: unknown) => this.report(event.chargePointId, error));
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** Simulated piles keep no such settings; asking them would only fill the log of a replay. */
  async configure(chargePointId: string): Promise<void> {
    const chargePoint = await this.chargePoints.find(chargePointId);
    if (chargePoint === undefined || chargePoint.simulated) return;
    const before = await this.readSettings(chargePointId, KEYS);
    if (before === undefined) return this.alarm(chargePointId, KEYS);
    const unmet = WANTED_SETTINGS.filter((setting) => !isMet(setting, before));
    if (unmet.length === 0) return;
    for (const { key, value } of unmet) await this.change(chargePointId, { key, value });
    const after = await this.readSettings(
      chargePointId,
      unmet.map(({ key }) => key),
    );
    const refused = unmet.filter((setting) => after === undefined || !isMet(setting, after)).map(({ key }) => key);
    if (refused.length > 0) this.alarm(chargePointId, refused);
  }

  private async change(chargePointId: string, payload: CommandRequests['ChangeConfiguration']): Promise<void> {
    await this.commands.execute({ chargePointId, action: 'ChangeConfiguration', payload, requestedBy: REQUESTED_BY });
  }

  private async readSettings(
    chargePointId: string,
    key: readonly string[],
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const request = { chargePointId, action: 'GetConfiguration', payload: { key }, requestedBy: REQUESTED_BY };
    const ending = await this.commands.execute(request);
    return ending.state === 'accepted' ? settingsIn(ending.result) : undefined;
  }

  private alarm(chargePointId: string, keys: readonly string[]): void {
    this.events.publish({ at: Date.now(), chargePointId, kind: 'configuration-refused', keys });
  }

  private report(chargePointId: string, error: unknown): void {
    this.logger.error({ message: 'configuration after boot failed', chargePointId, error: String(error) });
  }
}

function isMet(setting: WantedSetting, settings: ReadonlyMap<string, string>): boolean {
  const value = settings.get(setting.key);
  return value !== undefined && setting.isMetBy(value);
}

/** Of an answer that may bend the schema: whatever can be read as key and value. */
function settingsIn(result: unknown): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const entries: unknown = isJsonObject(result) ? result['configurationKey'] : undefined;
  for (const entry of Array.isArray(entries) ? entries.filter(isJsonObject) : []) {
    const { key, value } = entry;
    if (typeof key === 'string' && (typeof value === 'string' || typeof value === 'number'))
      settings.set(key, String(value));
  }
  return settings;
}
