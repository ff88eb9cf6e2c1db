import { isTransactionAction } from '../ocpp/actions.js';
import type { CallReply, CallRouter, InboundCall } from '../ocpp/call.js';
import { andThen, type Eventually } from '../ocpp/eventually.js';
import { OCPP_ERROR_DESCRIPTIONS } from '../ocpp/ocpp-error.js';
import { CallQueue, type CallTransport } from './call-queue.js';
import type { Clock } from './clock.js';
import { UNKNOWN_MESSAGE_ID, encodeError, encodeResult, parseFrame, type Frame } from './frame.js';
import { INBOUND_QUEUE_MAX } from './limits.js';
import type { CallOutcome, FrameLog } from './pile-caller.js';
import { RecentMessages } from './recent-messages.js';

/** What the OCPP-J layer needs of the socket below it; pile-connection is the implementation. */
export interface RpcTransport {
  send(text: string): void;
  /** Stops and starts reading from the network: TCP holds the sender back. */
  pauseReading(): void;
  resumeReading(): void;
  /** Milliseconds that a call must wait for its turn by the pile's rate. */
  delayBeforeMs(action: string): number;
  badFrame(): void;
  answered(action: string, reply: CallReply): void;
  answeredLate(messageId: string, isKnown: boolean): void;
}

export interface RpcDependencies {
  readonly router: CallRouter;
  readonly frameLog: FrameLog;
  readonly clock: Clock;
  readonly newId: () => string;
}

type CallFrame = Extract<Frame, { type: 'call' }>;

/** OCPP-J on one socket: framing, correlation, and the pile's calls one at a time in order of arrival. */
export class RpcConnection implements CallTransport {
  private readonly outbound: CallQueue;
  private readonly recent = new RecentMessages();
  private readonly inbound: InboundCall[] = [];
  private draining: Promise<void> | undefined;
  private isClosed = false;
  private isStopped = false;
  private isPaused = false;

  /** @param predecessor settles when the pile's former socket has no call left: its calls come first. */
  constructor(
    private readonly chargePointId: string,
    private readonly epoch: number,
    private readonly transport: RpcTransport,
    private readonly dependencies: RpcDependencies,
    private predecessor: Promise<void> | undefined,
  ) {
    this.outbound = new CallQueue(this, dependencies.newId, dependencies.clock.monotonic);
  }

  receive(text: string): void {
    if (this.isClosed || this.isStopped) return;
    const frame = parseFrame(text);
    switch (frame.type) {
      case 'call':
        return this.receiveCall(text, frame);
      case 'result':
        this.log('in', text, undefined, frame.messageId);
        return this.outbound.answer(frame.messageId, { type: 'result', payload: frame.payload });
      case 'error':
        this.log('in', text, undefined, frame.messageId);
        return this.outbound.answer(frame.messageId, frame);
      case 'malformed':
        this.log('in', text, undefined, frame.messageId ?? UNKNOWN_MESSAGE_ID);
        this.transport.badFrame();
        return this.refuseMalformed(frame.messageId ?? UNKNOWN_MESSAGE_ID);
      case 'ignored':
        return this.transport.badFrame();
    }
  }

  call(action: string, payload: object, timeoutMs: number, onSent?: () => void): Promise<CallOutcome> {
    return this.outbound.call(action, payload, timeoutMs, onSent);
  }

  sweep(nowMs: number): void {
    this.outbound.sweep(nowMs);
  }

  /** Calls already received are still handled; nothing new is received or sent. */
  close(): void {
    this.isClosed = true;
    this.outbound.close();
  }

  /** Forgets calls that are not yet running: they were not stored, and the pile sends them again. */
  stop(): void {
    this.isStopped = true;
    this.inbound.length = 0;
  }

  /** Settles when no call of this socket is left. */
  get drained(): Promise<void> {
    return this.draining ?? this.predecessor ?? Promise.resolve();
  }

  private receiveCall(text: string, frame: CallFrame): void {
    const flags = this.recent.isReused(frame.messageId, text)
      ? [...frame.flags, 'reused_message_id' as const]
      : frame.flags;
    const { messageId, action, payload } = frame;
    this.log('in', text, action, messageId);
    const receivedAtMs = this.dependencies.clock.now();
    const { chargePointId, epoch: connectionEpoch } = this;
    this.inbound.push({
      chargePointId,
      connectionEpoch,
      messageId,
      action,
      payload,
      rawFrame: text,
      receivedAtMs,
      flags,
    });
    if (this.inbound.length >= INBOUND_QUEUE_MAX && !this.isPaused) {
      this.isPaused = true;
      this.transport.pauseReading();
    }
    if (this.draining === undefined) this.drain();
  }

  /** Call after call in this turn of the event loop, until one has to wait. */
  private drain(): void {
    let waited: Eventually<void> = this.predecessor;
    while (!(waited instanceof Promise)) {
      const call = this.inbound.shift();
      if (call === undefined) return;
      waited = this.answer(call);
    }
    this.draining = this.drainAfter(waited);
  }

  private async drainAfter(waited: Promise<void>): Promise<void> {
    await waited;
    this.predecessor = undefined;
    for (let call = this.inbound.shift(); call !== undefined; call = this.inbound.shift()) await this.answer(call);
    this.draining = undefined;
  }

  private answer(call: InboundCall): Eventually<void> {
    const delayMs = isTransactionAction(call.action) ? 0 : this.transport.delayBeforeMs(call.action);
    const turn = delayMs > 0 ? new Promise<void>((resolve) => setTimeout(resolve, delayMs)) : undefined;
    const reply = andThen(turn, () => this.dependencies.router.route(call));
    return andThen(reply, (known) => {
      this.reply(call, known);
      this.resumeWhenRoomy();
    });
  }

  private resumeWhenRoomy(): void {
    if (!this.isPaused || this.inbound.length > INBOUND_QUEUE_MAX / 2) return;
    this.isPaused = false;
    this.transport.resumeReading();
  }

  private reply(call: InboundCall, reply: CallReply): void {
    if (this.isStopped) return;
    if (reply.type === 'result') this.send(encodeResult(call.messageId, reply.payload), call.action, call.messageId);
    else if (reply.type === 'error')
      this.send(encodeError(call.messageId, reply.code, reply.description), call.action, call.messageId);
    else this.stop();
    this.transport.answered(call.action, reply);
  }

  private refuseMalformed(messageId: string): void {
    this.send(
      encodeError(messageId, 'FormationViolation', OCPP_ERROR_DESCRIPTIONS.FormationViolation),
      undefined,
      messageId,
    );
  }

  answeredLate(messageId: string, isKnown: boolean): void {
    this.transport.answeredLate(messageId, isKnown);
  }

  send(text: string, action: string | undefined, messageId: string): void {
    this.log('out', text, action, messageId);
    this.transport.send(text);
  }

  private log(direction: 'in' | 'out', frame: string, action: string | undefined, messageId: string): void {
    this.dependencies.frameLog.append({
      chargePointId: this.chargePointId,
      direction,
      frame,
      at: this.dependencies.clock.now(),
      action,
      messageId,
    });
  }
}
