import {
  type AuthorizationStatus,
  authorizeAnswer,
  bootNotificationAnswer,
  startTransactionAnswer,
} from '../answers.js';
import type { Clock } from '../clock.js';
import { ArmedFaults, FaultyLink } from '../faults.js';
import { CallRefusedError, NoAnswerError, type PileLink } from '../pile-link.js';
import { TransactionQueue } from '../transaction-queue.js';
import type { SimpleStep } from './scenario.js';

const RETRY_POLICY = { attempts: 3, intervalMs: 500 };
const OFFLINE_MS = 100;
/** Positive, 31-bit, and with overwhelming likelihood nobody's. */
const RANDOM_TRANSACTION_ID = 1_234_567_891;

type StepOf<D extends SimpleStep['do']> = Extract<SimpleStep, { do: D }>;

interface KnownSession {
  readonly connectorId: number;
  readonly tag: string | undefined;
  transactionId: number;
  authorization: AuthorizationStatus | undefined;
}

/** What a pile's steps need of the world around it. */
export interface PileWorld {
  readonly clock: Clock;
  /** The id of another session, perhaps of another pile. */
  readonly transactionIdOf: (session: string) => number;
  readonly idTag: (tag: string) => string;
  readonly moment: (moment: string) => string;
  /** A socket more with this pile's identity. */
  readonly newLink: () => PileLink;
}

/** A pile that does what a scenario's steps say, nothing by itself. */
export class ScenarioPile {
  readonly faults = new ArmedFaults();
  readonly sessions = new Map<string, KnownSession>();
  private link: PileLink;
  private queue: TransactionQueue;
  private readonly abandoned: PileLink[] = [];
  private offline = false;
  private readonly queued: Promise<unknown>[] = [];

  constructor(private readonly world: PileWorld) {
    this.link = this.decorated(world.newLink());
    this.queue = this.queueOn(this.link);
  }

  async boot(): Promise<void> {
    if (!this.link.connected) await this.link.connect();
    const payload = { chargePointVendor: 'Scenario', chargePointModel: 'Scenario' };
    bootNotificationAnswer.parse(await this.queue.send('BootNotification', () => payload));
  }

  async authorize(idTag: string): Promise<AuthorizationStatus> {
    return authorizeAnswer.parse(await this.queue.send('Authorize', () => ({ idTag }))).idTagInfo.status;
  }

  async start(step: StepOf<'start'>): Promise<void> {
    const { connectorId, at, meterWh, messageId, tag } = step;
    const session: KnownSession = { connectorId, tag, transactionId: -1, authorization: undefined };
    this.sessions.set(step.session, session);
    const idTag = this.world.idTag(tag);
    const payload = { connectorId, idTag, meterStart: meterWh, timestamp: this.world.moment(at) };
    await this.sendOrQueue(
      'StartTransaction',
      () => payload,
      messageId,
      (answer) => learn(session, answer),
    );
  }

  async meterValues(step: StepOf<'meterValues'>): Promise<void> {
    const { meterWh, unit, series, messageId } = step;
    const first = this.world.moment(step.at);
    for (let index = 0; index < (series?.count ?? 1); index += 1) {
      const wattHours = meterWh + index * (series?.stepWh ?? 0);
      const sample = { value: unit === 'kWh' ? String(wattHours / 1000) : String(wattHours), unit };
      const timestamp = series === undefined ? first : laterBy(first, index * series.everySeconds);
      const payload = (): object => ({
        connectorId: step.connectorId ?? this.session(step.session).connectorId,
        transactionId: this.transactionIdOf(step),
        meterValue: [{ timestamp, sampledValue: [sample] }],
      });
      await this.sendOrQueue('MeterValues', payload, messageId);
    }
  }

  async stop(step: StepOf<'stop'>): Promise<void> {
    const timestamp = this.world.moment(step.at);
    const payload = (): object => {
      const tag = step.tag ?? this.session(step.session).tag;
      return {
        transactionId: this.transactionIdOf(step),
        ...(tag === undefined ? {} : { idTag: this.world.idTag(tag) }),
        meterStop: step.meterWh,
        timestamp,
        reason: 'Local',
      };
    };
    await this.sendOrQueue('StopTransaction', payload, step.messageId);
  }

  async status({ connectorId, status, at }: StepOf<'status'>): Promise<void> {
    const payload = { connectorId, status, errorCode: 'NoError', timestamp: this.world.moment(at) };
    await this.queue.send('StatusNotification', () => payload);
  }

  /** Sends text as the payload and answers `CALLRESULT` or the code of the CALLERROR. */
  async raw({ action, session, messageId }: StepOf<'raw'>, payload: string): Promise<string> {
    const id = messageId ?? `raw-${this.sessions.size}-${this.world.clock.nowMs()}`;
    try {
      const answer = await this.link.callRaw(id, action, payload);
      if (session !== undefined) {
        const known: KnownSession = { connectorId: 1, tag: undefined, transactionId: -1, authorization: undefined };
        this.sessions.set(session, known);
        learn(known, answer);
      }
      return 'CALLRESULT';
    } catch (error) {
      if (error instanceof CallRefusedError) return error.code;
      if (error instanceof NoAnswerError) return 'no answer';
      throw error;
    }
  }

  /** The old socket stays open, half-open as far as the pile knows; whatever is sent from now on goes over the new one. */
  async takeOver(): Promise<void> {
    this.queue.stop();
    this.link.abandon();
    this.abandoned.push(this.link);
    this.link = this.decorated(this.world.newLink());
    this.queue = this.queueOn(this.link);
    await this.link.connect();
  }

  /** From now on transaction messages pile up. */
  async goOffline(): Promise<void> {
    this.offline = true;
    this.queue.pause();
    await this.link.close();
  }

  async goOnline(): Promise<void> {
    await this.link.connect();
    this.offline = false;
    this.queue.resume();
    await Promise.all(this.queued.splice(0));
  }

  reconnect(): Promise<void> {
    return this.link.reconnect(OFFLINE_MS);
  }

  async reboot(): Promise<void> {
    await this.link.reconnect(OFFLINE_MS);
    await this.boot();
  }

  async close(): Promise<void> {
    this.queue.stop();
    await Promise.all([this.link, ...this.abandoned].map((link) => link.close()));
  }

  session(name: string): KnownSession {
    const session = this.sessions.get(name);
    if (session === undefined) throw new Error(`no start of session ${name} before this step`);
    return session;
  }

  private async sendOrQueue(
    action: string,
    payload: () => object,
    messageId: string | undefined,
    onAnswer: (answer: unknown) => void = () => undefined,
  ): Promise<void> {
    const sent =
      messageId === undefined ? this.queue.send(action, payload) : this.link.callAs(messageId, action, payload());
    const answered = sent.then(onAnswer);
    if (this.offline) this.queued.push(answered);
    else await answered;
  }

  private transactionIdOf({ transactionId, session }: StepOf<'stop'> | StepOf<'meterValues'>): number {
    if (typeof transactionId === 'object') return this.world.transactionIdOf(transactionId.of);
    switch (transactionId) {
      case 'own':
        return this.sessions.get(session)?.transactionId ?? -1;
      case 'minusOne':
        return -1;
      case 'zero':
        return 0;
      case 'random':
        return RANDOM_TRANSACTION_ID;
    }
  }

  private decorated(link: PileLink): PileLink {
    return new FaultyLink(link, this.faults, this.world.clock);
  }

  private queueOn(link: PileLink): TransactionQueue {
    return new TransactionQueue(link, this.world.clock, () => RETRY_POLICY);
  }
}

function learn(session: KnownSession, answer: unknown): void {
  const { transactionId, idTagInfo } = startTransactionAnswer.parse(answer);
  session.transactionId = transactionId;
  session.authorization = idTagInfo.status;
}

function laterBy(timestamp: string, seconds: number): string {
  return new Date(Date.parse(timestamp) + seconds * 1000).toISOString();
}
