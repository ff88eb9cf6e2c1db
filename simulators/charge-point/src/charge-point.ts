import {
  type AuthorizationStatus,
  authorizeAnswer,
  bootNotificationAnswer,
  startTransactionAnswer,
} from './answers.js';
import { answerCommand } from './charge-point-commands.js';
import { type Clock, timestamp } from './clock.js';
import { ConfigurationStore } from './configuration-store.js';
import { Connector, type ConnectorStatus, type RunningSession } from './connector.js';
import { type ReadingContext, type StopReason, meterValues, startTransaction, stopTransaction } from './messages.js';
import { Meter, powerAt } from './meter.js';
import type { PileLink } from './pile-link.js';
import type { Rng } from './rng.js';
import { TransactionQueue } from './transaction-queue.js';

/** How long a restart takes. */
const REBOOT_MS = 2000;
/** A driver holds the card to the reader this often. */
export const AUTHORIZE_ATTEMPTS_MAX = 3;
const AUTHORIZE_RETRY_MS = 500;
/** Wait before Boot is tried again when it was not answered. */
const BOOT_RETRY_MS = 5000;

export interface ChargePointOptions {
  readonly vendor: string;
  readonly model: string;
  readonly connectors: readonly {
    readonly connectorId: number;
    readonly ratedPowerW: number;
    readonly registerWh: number;
  }[];
  readonly clock: Clock;
  readonly rng: Rng;
  /** How long a session lasts that RemoteStartTransaction began. */
  readonly remoteSessionMs: () => number;
  readonly sampleIntervalMs?: number;
}

export interface FinishedSession {
  readonly transactionId: number;
  readonly authorization: AuthorizationStatus;
  readonly energyWh: number;
}

/** A charge point with the Core profile and RemoteTrigger, from its first Boot on. */
export class ChargePoint {
  readonly configuration: ConfigurationStore;
  readonly connectors: ReadonlyMap<number, Connector>;
  readonly transactions: TransactionQueue;
  private readonly link: PileLink;
  private life = new AbortController();

  /** @param connectLink makes the link; it gets this pile's answers to the central system's calls. */
  constructor(
    private readonly options: ChargePointOptions,
    connectLink: (onCall: (action: string, payload: unknown) => Promise<object>) => PileLink,
  ) {
    const { connectors, clock } = options;
    this.configuration = new ConfigurationStore(connectors.length);
    this.connectors = new Map(
      connectors.map(({ connectorId, ratedPowerW, registerWh }) => [
        connectorId,
        new Connector(connectorId, new Meter(registerWh, ratedPowerW)),
      ]),
    );
    this.link = connectLink((action, payload) => answerCommand(this, action, payload));
    this.transactions = new TransactionQueue(this.link, clock, () => ({
      attempts: this.configuration.number('TransactionMessageAttempts'),
      intervalMs: this.configuration.number('TransactionMessageRetryInterval') * 1000,
    }));
  }

  /** Switches on: connect, boot, report every connector, beat. */
  async start(): Promise<void> {
    this.life = new AbortController();
    await this.link.connect();
    await this.boot();
    for (const connector of this.connectors.values()) await this.reportStatus(connector, connector.idleStatus);
    void this.beat(this.life.signal);
  }

  /** Ends every running session in an orderly way. */
  endSessions(reason: StopReason): void {
    for (const connector of this.connectors.values()) connector.session?.ending.abort(reason);
  }

  /** Switches off without a word. */
  async stop(): Promise<void> {
    this.life.abort();
    this.endSessions('Reboot');
    this.transactions.stop();
    await this.link.close();
  }

  /** Boots until the central system accepts, and takes over its interval. */
  async boot(): Promise<void> {
    const payload = {
      chargePointVendor: this.options.vendor,
      chargePointModel: this.options.model,
      firmwareVersion: '1.0.0',
    };
    while (!this.life.signal.aborted) {
      const answer = await this.say('BootNotification', payload);
      const parsed = bootNotificationAnswer.safeParse(answer);
      if (parsed.success && parsed.data.interval > 0)
        this.configuration.change('HeartbeatInterval', String(parsed.data.interval));
      if (parsed.success && parsed.data.status === 'Accepted') return;
      const waitMs = parsed.success ? Math.max(1, parsed.data.interval) * 1000 : BOOT_RETRY_MS;
      await this.options.clock.sleep(waitMs, this.life.signal);
    }
  }

  /** Ends sessions with the reason of the reset, restarts, and boots again. */
  async reset(kind: 'Hard' | 'Soft'): Promise<void> {
    this.endSessions(kind === 'Hard' ? 'HardReset' : 'SoftReset');
    while ([...this.connectors.values()].some((connector) => connector.session !== undefined))
      await this.options.clock.sleep(50);
    this.life.abort();
    await this.link.reconnect(REBOOT_MS);
    await this.start();
  }

  /** Asks again when nobody answers; a pile that never hears anything lets nobody charge. */
  async authorize(idTag: string): Promise<AuthorizationStatus> {
    for (let attempt = 1; attempt <= AUTHORIZE_ATTEMPTS_MAX; attempt += 1) {
      const parsed = authorizeAnswer.safeParse(await this.say('Authorize', { idTag }));
      if (parsed.success) return parsed.data.idTagInfo.status;
      await this.options.clock.sleep(AUTHORIZE_RETRY_MS, this.life.signal);
    }
    return 'Invalid';
  }

  /** A whole session: plug in, authorise, charge for `durationMs` or until somebody ends it. Undefined: not begun. */
  async runSession(
    connectorId: number,
    idTag: string,
    durationMs: number,
    preAuthorized = false,
  ): Promise<FinishedSession | undefined> {
    const connector = this.connectors.get(connectorId);
    if (connector === undefined || !connector.free) return undefined;
    const session = this.occupy(connector, idTag);
    await this.reportStatus(connector, 'Preparing');
    const authorization = preAuthorized ? 'Accepted' : await this.authorize(idTag);
    if (authorization !== 'Accepted') {
      await this.reportStatus(connector, connector.release());
      return { transactionId: -1, authorization, energyWh: 0 };
    }
    return this.charge(connector, session, durationMs);
  }

  /** Sends what TriggerMessage or the sample interval asks for. */
  async sample(connector: Connector, context: ReadingContext, powerW: number): Promise<void> {
    const { connectorId, meter, session } = connector;
    const reading = { connectorId, atMs: this.options.clock.nowMs(), registerWh: meter.registerWh, powerW, context };
    // Read when it is sent: a Start that is still on its way has no transactionId yet.
    const payload = (): object =>
      meterValues(session === undefined ? reading : { ...reading, transactionId: session.transactionId });
    await this.transactions.send('MeterValues', payload).catch(() => undefined);
  }

  async reportStatus(connector: Connector, status: ConnectorStatus): Promise<void> {
    connector.status = status;
    const { connectorId } = connector;
    await this.say('StatusNotification', {
      connectorId,
      status,
      errorCode: 'NoError',
      timestamp: timestamp(this.options.clock.nowMs()),
    });
  }

  /** A message that is not worth keeping: without an answer it is gone. */
  async say(action: string, payload: object): Promise<unknown> {
    return this.link.call(action, payload).catch(() => undefined);
  }

  /** Work that must not delay the answer to a command. */
  later(work: () => Promise<unknown>): void {
    setImmediate(() => void work().catch(() => undefined));
  }

  remoteSessionMs(): number {
    return this.options.remoteSessionMs();
  }

  private occupy(connector: Connector, idTag: string): RunningSession {
    const startMs = this.options.clock.nowMs();
    const session = {
      idTag,
      startMs,
      meterStartWh: connector.meter.registerWh,
      transactionId: -1,
      ending: new AbortController(),
    };
    connector.session = session;
    return session;
  }

  private async charge(connector: Connector, session: RunningSession, durationMs: number): Promise<FinishedSession> {
    const { connectorId, meter } = connector;
    const { idTag, startMs, meterStartWh } = session;
    const answer = await this.transactions
      .send('StartTransaction', () => startTransaction({ connectorId, idTag, startMs, meterStartWh }))
      .catch(() => undefined);
    const started = startTransactionAnswer.safeParse(answer);
    if (started.success) session.transactionId = started.data.transactionId;
    const authorization = started.success ? started.data.idTagInfo.status : 'Accepted';
    if (authorization !== 'Accepted' && this.configuration.flag('StopTransactionOnInvalidId'))
      session.ending.abort('DeAuthorized');
    else await this.reportStatus(connector, 'Charging');
    await this.deliver(connector, session, durationMs);
    await this.finish(connector, session);
    return { transactionId: session.transactionId, authorization, energyWh: meter.registerWh - meterStartWh };
  }

  /** Energy flows and is sampled until the time is over or the session is ended. */
  private async deliver(connector: Connector, session: RunningSession, durationMs: number): Promise<void> {
    const { clock, rng } = this.options;
    const { signal } = session.ending;
    const stepMs = this.options.sampleIntervalMs ?? this.configuration.number('MeterValueSampleInterval') * 1000;
    for (let deliveredMs = 0; deliveredMs < durationMs && !signal.aborted;) {
      const sinceMs = clock.nowMs();
      await clock.sleep(Math.min(stepMs, durationMs - deliveredMs), signal);
      const elapsedMs = Math.max(0, clock.nowMs() - sinceMs);
      const powerW = powerAt(connector.meter.ratedPowerW, deliveredMs / durationMs, rng);
      connector.meter.advance(powerW, elapsedMs);
      deliveredMs += Math.max(1, elapsedMs);
      if (deliveredMs < durationMs && !signal.aborted) await this.sample(connector, 'Sample.Periodic', powerW);
    }
  }

  private async finish(connector: Connector, session: RunningSession): Promise<void> {
    const endMs = this.options.clock.nowMs();
    const meterStopWh = connector.meter.registerWh;
    const reason = stopReason(session.ending.signal);
    const { idTag } = session;
    await this.transactions
      .send('StopTransaction', () =>
        stopTransaction({ transactionId: session.transactionId, idTag, endMs, meterStopWh, reason }),
      )
      .catch(() => undefined);
    await this.reportStatus(connector, 'Finishing');
    await this.reportStatus(connector, connector.release());
  }

  private async beat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.options.clock.sleep(Math.max(1, this.configuration.number('HeartbeatInterval')) * 1000, signal);
      if (!signal.aborted) await this.say('Heartbeat', {});
    }
  }
}

const STOP_REASONS: readonly StopReason[] = [
  'Local',
  'Remote',
  'EVDisconnected',
  'DeAuthorized',
  'HardReset',
  'SoftReset',
  'Reboot',
  'UnlockCommand',
];

function stopReason(signal: AbortSignal): StopReason {
  return STOP_REASONS.find((reason) => signal.aborted && reason === signal.reason) ?? 'Local';
}
