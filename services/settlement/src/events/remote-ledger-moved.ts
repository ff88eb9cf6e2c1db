import { Logger } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { LEDGER_MOVED_EVENT, type LedgerMoved } from '@tallywatt/contracts';
import { timeout } from 'rxjs';
import { LedgerMovedSignal } from './ledger-moved.js';

/** A Redis that is away takes an event and says nothing. */
const EMIT_TIMEOUT_MS = 5_000;

/** One event at a time: blocks that come meanwhile are told by the next one. */
export class RemoteLedgerMoved extends LedgerMovedSignal {
  private readonly logger = new Logger(RemoteLedgerMoved.name);
  private latest: bigint | undefined;
  private sending = false;
  private reachable = true;

  constructor(private readonly csms: ClientProxy) {
    super();
  }

  override moved(blockNumber: bigint): void {
    this.latest = blockNumber;
    if (!this.sending) this.send();
  }

  private send(): void {
    const blockNumber = this.latest;
    if (blockNumber === undefined) return;
    this.latest = undefined;
    this.sending = true;
    const payload: LedgerMoved = { blockNumber: blockNumber.toString() };
    this.csms
      .emit(LEDGER_MOVED_EVENT, payload)
      .pipe(timeout(EMIT_TIMEOUT_MS))
      .subscribe({ error: (error: unknown) => this.ended(String(error)), complete: () => this.ended() });
  }

  private ended(error?: string): void {
    this.sending = false;
    if (error !== undefined && this.reachable) this.logger.warn({ message: 'csms does not hear of blocks', error });
    this.reachable = error === undefined;
    if (this.reachable) this.send();
  }
}
