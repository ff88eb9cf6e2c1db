import type { CallReply } from '../ocpp/call.js';
import type { ChargePoint } from '../piles/charge-point.js';
import {
  CLOSE_GOING_AWAY,
  CLOSE_POLICY_VIOLATION,
  CLOSE_REPLACED,
  CLOSE_TRY_AGAIN_LATER,
  CLOSE_UNSUPPORTED_DATA,
} from './close-codes.js';
import type { ConnectionEvents } from './connection-log.js';
import {
  BAD_FRAMES_MAX,
  BOOT_TIMEOUT_MS,
  BUFFERED_BYTES_MAX,
  LOGGED_ID_LENGTH_MAX,
  MESSAGE_BURST_MAX,
  MESSAGES_PER_S_MAX,
  PING_INTERVAL_MS,
  SILENCE_MS_MAX,
} from './limits.js';
import type { CallOutcome } from './pile-caller.js';
import { RpcConnection, type RpcDependencies, type RpcTransport } from './rpc-connection.js';
import { TokenBucket } from './token-bucket.js';

/** The part of a `ws` socket that is used here; its `binaryType` is `nodebuffer`. */
export interface PileSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'pong', listener: () => void): unknown;
  on(event: 'close', listener: (code: number, reason: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface PileConnectionFacts {
  readonly chargePoint: ChargePoint;
  readonly epoch: number;
  readonly remoteAddress: string;
  readonly secure: boolean;
  /** The pile has booted earlier: after a lost link it does not boot again, and may be silent until its next heartbeat. */
  readonly hasBooted: boolean;
  readonly predecessor: Promise<void> | undefined;
}
export interface PileConnectionDependencies extends RpcDependencies {
  readonly events: ConnectionEvents;
  /** The store is down for everybody. */
  readonly onOutage: () => void;
  readonly onClosed: (connection: PileConnection) => void;
}

function ignore(): void {
  // See where it listens.
}

/** One pile on one socket: liveness, rates, close codes. Ordering and correlation are in {@link RpcConnection}. */
export class PileConnection implements RpcTransport {
  readonly chargePointId: string;
  readonly epoch: number;
  private readonly rpc: RpcConnection;
  private readonly bucket: TokenBucket;
  private readonly openedAtMs: number;
  private heardAtMs: number;
  private nextPingAtMs: number;
  private isPaused = false;
  private isClosing = false;
  private badFrames = 0;
  private hasCalled = false;

  constructor(
    private readonly socket: PileSocket,
    private readonly facts: PileConnectionFacts,
    private readonly dependencies: PileConnectionDependencies,
  ) {
    const nowMs = dependencies.clock.monotonic();
    this.chargePointId = facts.chargePoint.chargePointId;
    this.epoch = facts.epoch;
    this.openedAtMs = this.heardAtMs = nowMs;
    this.nextPingAtMs = nowMs + PING_INTERVAL_MS;
    this.bucket = new TokenBucket(MESSAGES_PER_S_MAX, MESSAGE_BURST_MAX, nowMs);
    this.rpc = new RpcConnection(this.chargePointId, this.epoch, this, dependencies, facts.predecessor);
    socket.on('message', (data, isBinary) => this.onMessage(data, isBinary));
    socket.on('pong', () => this.onPong());
    socket.on('close', (code, reason) => this.onClose(code, reason.toString('utf8')));
    // `ws` closes the socket itself, with the code of the violation; the listener keeps the process alive.
    socket.on('error', ignore);
    this.dependencies.events.publish({
      ...this.event(),
      kind: 'connected',
      remoteAddress: facts.remoteAddress,
      secure: facts.secure,
    });
  }

  call(action: string, payload: object, timeoutMs: number, onSent?: () => void): Promise<CallOutcome> {
    return this.rpc.call(action, payload, timeoutMs, onSent);
  }

  get drained(): Promise<void> {
    return this.rpc.drained;
  }

  /** Called by the one sweep timer. */
  sweep(nowMs: number): void {
    this.rpc.sweep(nowMs);
    // A socket that we do not read cannot be heard.
    if (this.isPaused) this.heardAtMs = nowMs;
    if (nowMs - this.heardAtMs >= SILENCE_MS_MAX) return this.socket.terminate();
    if (this.isClosing) return;
    if (this.socket.bufferedAmount > BUFFERED_BYTES_MAX) return this.socket.terminate();
    if (!this.hasCalled && !this.facts.hasBooted && nowMs - this.openedAtMs >= BOOT_TIMEOUT_MS) {
      return this.close(CLOSE_POLICY_VIOLATION, 'no BootNotification');
    }
    if (nowMs < this.nextPingAtMs) return;
    this.nextPingAtMs = nowMs + PING_INTERVAL_MS;
    this.socket.ping();
  }

  /** A newer authenticated socket has this identity now; calls already received still count. */
  displace(): void {
    this.socket.ping();
    this.close(CLOSE_REPLACED, 'replaced by a newer connection');
  }

  goAway(): void {
    this.close(CLOSE_GOING_AWAY, 'server is stopping');
  }

  terminate(): void {
    this.socket.terminate();
  }

  send(text: string): void {
    if (this.isClosing) return;
    if (this.socket.bufferedAmount > BUFFERED_BYTES_MAX) this.socket.terminate();
    else this.socket.send(text);
  }

  pauseReading(): void {
    this.isPaused = true;
    this.socket.pause();
  }

  resumeReading(): void {
    this.isPaused = false;
    this.socket.resume();
  }

  /** A recorded pile plays days in minutes: its rate per wall-clock second means nothing, one call at a time bounds it. */
  delayBeforeMs(): number {
    return this.facts.chargePoint.clock === 'recorded' ? 0 : this.bucket.take(this.dependencies.clock.monotonic());
  }

  badFrame(): void {
    if (++this.badFrames > BAD_FRAMES_MAX) this.close(CLOSE_POLICY_VIOLATION, 'too many malformed frames');
  }

  answered(action: string, reply: CallReply): void {
    if (reply.type === 'close') {
      if (reply.outage === true) this.dependencies.onOutage();
      this.close(CLOSE_TRY_AGAIN_LATER, reply.reason);
    } else if (
      action === 'BootNotification' &&
      reply.type === 'result' &&
      'status' in reply.payload &&
      reply.payload.status === 'Accepted'
    ) {
      this.dependencies.events.publish({ ...this.event(), kind: 'booted' });
    }
  }

  answeredLate(messageId: string, known: boolean): void {
    // Answers to nothing are noise like any other: nobody may fill the log with them.
    if (!known) this.badFrame();
    this.dependencies.events.publish({
      ...this.event(),
      kind: 'late-answer',
      messageId: messageId.slice(0, LOGGED_ID_LENGTH_MAX),
      known,
    });
  }

  private onMessage(data: Buffer, isBinary: boolean): void {
    this.heardAtMs = this.dependencies.clock.monotonic();
    if (isBinary) return this.close(CLOSE_UNSUPPORTED_DATA, 'text frames only');
    this.hasCalled = true;
    this.rpc.receive(data.toString('utf8'));
  }

  private onPong(): void {
    this.heardAtMs = this.dependencies.clock.monotonic();
  }

  private onClose(code: number, reason: string): void {
    this.isClosing = true;
    this.rpc.close();
    this.dependencies.events.publish({ ...this.event(), kind: 'disconnected', code, reason });
    this.dependencies.onClosed(this);
  }

  private close(code: number, reason: string): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.rpc.close();
    this.socket.close(code, reason);
  }

  private event(): { at: number; chargePointId: string; epoch: number } {
    return { at: this.dependencies.clock.now(), chargePointId: this.chargePointId, epoch: this.epoch };
  }
}
