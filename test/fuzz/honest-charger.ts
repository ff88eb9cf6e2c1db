import type { Prng } from '../support/prng.js';

/** A register that no garbage reaches by chance: a Stop without a tag fits a session only at or above its meterStart. */
export const HONEST_REGISTER_MIN_WH = 1_000_000_000_000;
const FIRST_START_MS = Date.UTC(2025, 0, 1);
const SESSION_S_MAX = 7_200;
const PAUSE_S_MAX = 3_600;
const RATED_POWER_W = 120_000;

/** One session as its charger knows it: what the one bill has to say. */
export interface HonestSession {
  readonly chargePointId: string;
  readonly idTag: string;
  readonly transactionId: number;
  readonly meterStartWh: number;
  readonly meterStopWh: number;
  readonly startedAt: string;
  readonly endedAt: string;
}

interface Running {
  readonly meterStartWh: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly energyWh: number;
  transactionId: number;
  readingsLeft: number;
}

/** A charger that tells the truth on connector 1, one session after the other, and repeats what is not acknowledged. */
export class HonestCharger {
  readonly done: HonestSession[] = [];
  private registerWh = HONEST_REGISTER_MIN_WH;
  private freeAtMs: number;
  private running: Running | undefined;
  private pending: { readonly action: string; readonly payload: object } | undefined;
  private messageId = '';
  private attempts = 0;

  constructor(
    private readonly chargePointId: string,
    private readonly idTag: string,
    private readonly random: Prng,
  ) {
    this.freeAtMs = FIRST_START_MS + random.between(0, 86_400) * 1_000;
  }

  /** A session has begun and not ended, or a message waits for its acknowledgement. */
  get isUnderWay(): boolean {
    return this.running !== undefined || this.pending !== undefined;
  }

  /** The next message; one that was not acknowledged comes again, with its old or a new id. */
  next(): string {
    const isAgain = this.pending !== undefined;
    this.pending ??= this.say();
    if (!isAgain || this.random.next() < 0.5) this.messageId = `honest-${(this.attempts += 1)}`;
    return JSON.stringify([2, this.messageId, this.pending.action, this.pending.payload]);
  }

  /** True when the answer is for this charger; throws when it is no acknowledgement. */
  heard(answer: readonly unknown[]): boolean {
    if (answer[1] !== this.messageId || this.pending === undefined) return false;
    if (answer[0] !== 3) throw new Error(`an honest ${this.pending.action} was answered ${JSON.stringify(answer)}`);
    const { action } = this.pending;
    this.pending = undefined;
    if (action === 'StartTransaction') this.started(answer[2]);
    if (action === 'MeterValues' && this.running !== undefined) this.running.readingsLeft -= 1;
    if (action === 'StopTransaction') this.stopped();
    return true;
  }

  private say(): { action: string; payload: object } {
    const { running, idTag } = this;
    if (running === undefined) return this.sayStart();
    const { transactionId, meterStartWh, startedAtMs, durationMs, energyWh } = running;
    if (running.readingsLeft > 0) {
      const timestamp = iso(startedAtMs + Math.floor(durationMs / 2 / 1_000) * 1_000);
      const value = String(meterStartWh + Math.floor(energyWh / 2));
      const meterValue = [{ timestamp, sampledValue: [{ value, unit: 'Wh' }] }];
      return { action: 'MeterValues', payload: { connectorId: 1, transactionId, meterValue } };
    }
    const meterStop = meterStartWh + energyWh;
    const timestamp = iso(startedAtMs + durationMs);
    return { action: 'StopTransaction', payload: { transactionId, idTag, meterStop, timestamp, reason: 'Local' } };
  }

  private sayStart(): { action: string; payload: object } {
    const durationMs = this.random.between(60, SESSION_S_MAX) * 1_000;
    const energyWh = Math.floor((this.random.next() * RATED_POWER_W * durationMs) / 3_600_000);
    const readingsLeft = this.random.between(0, 1);
    const startedAtMs = this.freeAtMs;
    this.running = { meterStartWh: this.registerWh, startedAtMs, durationMs, energyWh, transactionId: 0, readingsLeft };
    const { idTag } = this;
    const payload = { connectorId: 1, idTag, meterStart: this.registerWh, timestamp: iso(startedAtMs) };
    return { action: 'StartTransaction', payload };
  }

  private started(answer: unknown): void {
    const { transactionId, idTagInfo } = answer as { transactionId: number; idTagInfo: { status: string } };
    if (idTagInfo.status !== 'Accepted') throw new Error(`an honest Start was answered ${idTagInfo.status}`);
    if (this.running !== undefined) this.running.transactionId = transactionId;
  }

  private stopped(): void {
    const { running, chargePointId, idTag } = this;
    if (running === undefined) return;
    const { transactionId, meterStartWh, energyWh, startedAtMs, durationMs } = running;
    const endedAtMs = startedAtMs + durationMs;
    const meterStopWh = meterStartWh + energyWh;
    const times = { startedAt: iso(startedAtMs), endedAt: iso(endedAtMs) };
    this.done.push({ chargePointId, idTag, transactionId, meterStartWh, meterStopWh, ...times });
    this.registerWh = meterStopWh;
    this.freeAtMs = endedAtMs + this.random.between(1, PAUSE_S_MAX) * 1_000;
    this.running = undefined;
  }
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
