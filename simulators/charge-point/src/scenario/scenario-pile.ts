import {
  type AuthorizationStatus,
  authorizeAnswer,
  bootNotificationAnswer,
  startTransactionAnswer,
} from '../answers.js';
import type { Clock } from '../clock.js';
import { ArmedFaults, FaultyLink } from '../faults.js';
import { meterValues, startTransaction, stopTransaction } from '../messages.js';
import type { PileLink } from '../pile-link.js';
import { TransactionQueue } from '../transaction-queue.js';
import type { Step } from './scenario.js';

const RETRY_POLICY = { attempts: 3, intervalMs: 500 };
const OFFLINE_MS = 100;
/** Positive, 31-bit, and with overwhelming likelihood nobody's. */
const RANDOM_TRANSACTION_ID = 1_234_567_891;

type StepOf<D extends Step['do']> = Extract<Step, { do: D }>;

interface StartedSession {
  readonly connectorId: number;
  readonly tag: string;
  transactionId: number;
  authorization: AuthorizationStatus | undefined;
}

/** A pile that does what a scenario's steps say, nothing by itself. */
export class ScenarioPile {
  readonly faults = new ArmedFaults();
  readonly sessions = new Map<string, StartedSession>();
  private readonly link: PileLink;
  private readonly queue: TransactionQueue;
  private offline = false;
  private readonly queued: Promise<unknown>[] = [];

  constructor(
    link: PileLink,
    private readonly clock: Clock,
  ) {
    this.link = new FaultyLink(link, this.faults, clock);
    this.queue = new TransactionQueue(this.link, clock, () => RETRY_POLICY);
  }

  async boot(): Promise<void> {
    if (!this.link.connected) await this.link.connect();
    const payload = { chargePointVendor: 'Scenario', chargePointModel: 'Scenario' };
    bootNotificationAnswer.parse(await this.queue.send('BootNotification', () => payload));
  }

  async authorize(tag: string): Promise<AuthorizationStatus> {
    return authorizeAnswer.parse(await this.queue.send('Authorize', () => ({ idTag: tag }))).idTagInfo.status;
  }

  async start(step: StepOf<'start'>, tag: string): Promise<void> {
    const { connectorId, at, meterWh, messageId } = step;
    const session: StartedSession = { connectorId, tag, transactionId: -1, authorization: undefined };
    this.sessions.set(step.session, session);
    const payload = startTransaction({ connectorId, idTag: tag, startMs: Date.parse(at), meterStartWh: meterWh });
    await this.sendOrQueue(
      'StartTransaction',
      () => payload,
      messageId,
      (answer) => {
        const { transactionId, idTagInfo } = startTransactionAnswer.parse(answer);
        session.transactionId = transactionId;
        session.authorization = idTagInfo.status;
      },
    );
  }

  async meterValues({ session: name, at, meterWh }: StepOf<'meterValues'>): Promise<void> {
    const session = this.session(name);
    const reading = {
      connectorId: session.connectorId,
      atMs: Date.parse(at),
      registerWh: meterWh,
      context: 'Sample.Periodic',
    } as const;
    await this.sendOrQueue(
      'MeterValues',
      () => meterValues({ ...reading, transactionId: session.transactionId }),
      undefined,
    );
  }

  /** @param foreign looks up the transactionId of another session, perhaps of another pile. */
  async stop(step: StepOf<'stop'>, foreign: (name: string) => number): Promise<void> {
    const session = this.session(step.session);
    const payload = (): object =>
      stopTransaction({
        transactionId: transactionIdOf(step.transactionId, session, foreign),
        idTag: session.tag,
        endMs: Date.parse(step.at),
        meterStopWh: step.meterWh,
        reason: 'Local',
      });
    await this.sendOrQueue('StopTransaction', payload, step.messageId);
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
    await this.link.close();
  }

  session(name: string): StartedSession {
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
}

function transactionIdOf(
  wanted: StepOf<'stop'>['transactionId'],
  session: StartedSession,
  foreign: (name: string) => number,
): number {
  if (typeof wanted === 'object') return foreign(wanted.of);
  switch (wanted) {
    case 'own':
      return session.transactionId;
    case 'minusOne':
      return -1;
    case 'zero':
      return 0;
    case 'random':
      return RANDOM_TRANSACTION_ID;
  }
}
