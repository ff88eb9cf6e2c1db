import { Logger } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { LEDGER_MOVED_EVENT, type LedgerMoved } from '@tallywatt/contracts';
import { LedgerMovedSignal } from './ledger-moved.js';

/** One event at a time: blocks that come meanwhile are told by the next one. */
export class TcpLedgerMoved extends LedgerMovedSignal {
  private readonly logger = new Logger(TcpLedgerMoved.name);
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
      .subscribe({ error: (error: unknown) => this.ended(String(error)), complete: () => this.ended() });
  }

  private ended(error?: string): void {
    this.sending = false;
    if (error !== undefined && this.reachable) this.logger.warn({ message: 'csms does not hear of blocks', error });
    this.reachable = error === undefined;
    if (this.reachable) this.send();
  }
}
