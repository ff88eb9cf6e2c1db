import { EventEmitter } from 'node:events';
import type { PileSocket } from '../pile-connection.js';

/** A socket that keeps what is done to it, for specs with a clock of their own. */
export class FakeSocket extends EventEmitter implements PileSocket {
  readonly sent: string[] = [];
  readonly done: string[] = [];
  bufferedAmount = 0;

  send(text: string): void {
    this.sent.push(text);
  }
  ping(): void {
    this.done.push('ping');
  }
  pause(): void {
    this.done.push('pause');
  }
  resume(): void {
    this.done.push('resume');
  }
  close(code: number): void {
    this.done.push(`close ${code}`);
  }
  terminate(): void {
    this.done.push('terminate');
  }
  /** As if the peer had sent it. */
  hear(frame: string): void {
    this.emit('message', Buffer.from(frame), false);
  }
}

export class FakeClock {
  nowMs = 1_000_000;
  readonly now = (): number => this.nowMs;
  readonly monotonic = (): number => this.nowMs;
}
