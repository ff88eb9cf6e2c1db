import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { AcknowledgedStop } from '../support/books-snapshot.js';
import type { Prng } from '../support/prng.js';

/** A charger that hears nothing takes its message for lost. */
const ANSWER_MS = 5_000;
const CONNECT_MS = 5_000;
const RECONNECT_MS = 150;

export interface ChargerOptions {
  readonly id: string;
  readonly password: string;
  /** WebSocket URL without the id; asked before every connection. */
  readonly url: string;
  readonly idTag: string;
  readonly random: Prng;
  /** Epoch ms of the first session: a recorded clock counts on from there. */
  readonly firstStartMs: number;
}

/** What the harness learns of each acknowledged transaction message. */
export interface AckListener {
  /** `sentAtMs`: when this attempt left, on the monotonic clock. */
  acknowledged(sentAtMs: number): void;
  stopped(stop: AcknowledgedStop): void;
}

const SESSION_MS = 30 * 60_000;
const PAUSE_MS = 60_000;

/**
 * A charger as bare frames. One session after the other; every transaction message is sent again, with its old or a new
 * messageId and on whatever socket there is, until a CALLRESULT answers it.
 */
export class Charger {
  private socket: WebSocket | undefined;
  private readonly waiting = new Map<string, (answer: 'result' | 'error', payload: unknown) => void>();
  private nextId = 1;
  private registerWh = 1_000;
  private nextStartMs: number;
  private stopping = false;
  /** Attempts that were not the first. */
  resends = 0;
  /** CALLERRORs to transaction messages: reliability.md section 1 forbids them. */
  callErrors = 0;

  constructor(
    private readonly options: ChargerOptions,
    private readonly listener: AckListener,
  ) {
    this.nextStartMs = options.firstStartMs;
  }

  /** Plays sessions until {@link finish}; the one under way is played to its end. */
  async play(pauseMs: number): Promise<void> {
    while (!this.stopping) {
      await this.session();
      await sleep(pauseMs * this.options.random.next());
    }
    this.socket?.terminate();
  }

  finish(): void {
    this.stopping = true;
  }

  private async session(): Promise<void> {
    const { random, idTag } = this.options;
    const meterStartWh = this.registerWh;
    const meterStopWh = meterStartWh + random.between(1_000, 20_000);
    const startedAt = new Date(this.nextStartMs).toISOString();
    const endedAt = new Date(this.nextStartMs + SESSION_MS).toISOString();
    this.registerWh = meterStopWh;
    this.nextStartMs += SESSION_MS + PAUSE_MS;
    const start = { connectorId: 1, idTag, meterStart: meterStartWh, timestamp: startedAt };
    const { transactionId } = (await this.untilAnswered('StartTransaction', start)) as { transactionId: number };
    const stop = { transactionId, idTag, meterStop: meterStopWh, timestamp: endedAt, reason: 'Local' };
    await this.untilAnswered('StopTransaction', stop);
    this.listener.stopped({
      chargePointId: this.options.id,
      transactionId,
      startedAt,
      meterStartWh,
      meterStopWh,
    });
  }

  private async untilAnswered(action: string, payload: object): Promise<unknown> {
    let messageId = this.newId();
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > 0) this.resends += 1;
      const sentAtMs = performance.now();
      const answer = await this.attempt(messageId, action, payload).catch(() => undefined);
      if (answer?.kind === 'result') {
        this.listener.acknowledged(sentAtMs);
        return answer.payload;
      }
      if (answer?.kind === 'error') this.callErrors += 1;
      // A retry may carry the old id or a new one.
      if (this.options.random.next() < 0.5) messageId = this.newId();
      await sleep(RECONNECT_MS);
    }
  }

  private async attempt(
    messageId: string,
    action: string,
    payload: object,
  ): Promise<{ kind: 'result' | 'error'; payload: unknown }> {
    const socket = await this.connected();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.terminate();
        reject(new Error('no answer'));
      }, ANSWER_MS);
      const end = (): void => {
        clearTimeout(timer);
        socket.off('close', lost);
        this.waiting.delete(messageId);
      };
      const lost = (): void => {
        end();
        reject(new Error('connection lost'));
      };
      socket.once('close', lost);
      this.waiting.set(messageId, (kind, answer) => {
        end();
        resolve({ kind, payload: answer });
      });
      socket.send(JSON.stringify([2, messageId, action, payload]));
    });
  }

  private async connected(): Promise<WebSocket> {
    if (this.socket?.readyState === WebSocket.OPEN) return this.socket;
    const { url, id, password } = this.options;
    const socket = new WebSocket(`${url}/${id}`, ['ocpp1.6'], {
      handshakeTimeout: CONNECT_MS,
      headers: { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` },
    });
    socket.on('message', (data: Buffer) => this.accept(socket, JSON.parse(data.toString('utf8')) as unknown[]));
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.on('error', reject);
      socket.once('close', () => reject(new Error('closed')));
    });
    this.socket = socket;
    const booted = JSON.stringify([
      2,
      this.newId(),
      'BootNotification',
      { chargePointVendor: 'Fault', chargePointModel: 'H' },
    ]);
    socket.send(booted);
    return socket;
  }

  private accept(socket: WebSocket, frame: unknown[]): void {
    const [type, messageId] = frame;
    if (type === 3) this.waiting.get(String(messageId))?.('result', frame[2]);
    if (type === 4) this.waiting.get(String(messageId))?.('error', frame);
    if (type === 2)
      socket.send(JSON.stringify([3, messageId, frame[2] === 'GetConfiguration' ? {} : { status: 'Accepted' }]));
  }

  private newId(): string {
    return `m${this.nextId++}-${this.options.random.between(0, 0xffff_ffff).toString(16)}`;
  }
}
