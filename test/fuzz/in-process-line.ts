import { isUtf8 } from 'node:buffer';
import { EventEmitter } from 'node:events';
import type { PileSocket } from '@tallywatt/csms';
import type { Line, LineListener } from './pile-run.js';

/** Limit of the WebSocket layer that this line stands for (ocpp.md: `maxPayload` 256 KiB). */
export const PAYLOAD_BYTES_MAX = 256 * 1024;

/** A pile's socket without a network: what `ws` would refuse is refused here with the same codes. */
export class InProcessLine extends EventEmitter implements PileSocket, Line {
  readonly bufferedAmount = 0;
  isOpen = true;
  private isPaused = false;
  private readonly held: Buffer[] = [];

  constructor(private readonly listener: LineListener) {
    super();
  }

  /** Both sides send: the pile bytes, the central system text. */
  send(frame: Buffer | string): void {
    if (!this.isOpen) return;
    if (typeof frame === 'string') queueMicrotask(() => this.isOpen && this.listener.heard(frame));
    else if (this.isPaused) this.held.push(frame);
    else this.deliver(frame);
  }

  end(): void {
    this.finish(1006, '');
  }
  ping(): void {
    this.emit('pong');
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
    for (let frame = this.held.shift(); frame !== undefined && !this.isPaused; frame = this.held.shift())
      this.deliver(frame);
  }
  close(code: number, reason: string): void {
    this.finish(code, reason);
  }
  terminate(): void {
    this.finish(1006, 'terminated');
  }

  private deliver(frame: Buffer): void {
    if (frame.length > PAYLOAD_BYTES_MAX) this.finish(1009, 'too big');
    else if (!isUtf8(frame)) this.finish(1007, 'no UTF-8');
    else this.emit('message', frame, false);
  }

  private finish(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    // The other side learns of it later, as over a network.
    setImmediate(() => {
      this.emit('close', code, Buffer.from(reason));
      this.listener.closed(code, reason);
    });
  }
}
