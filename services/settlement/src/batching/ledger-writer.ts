import type { Caller, ItemVerdict, LedgerFunction, LedgerTransactions } from '@tallywatt/contracts';
import { Clock } from '../clock.js';
import { LedgerError, LedgerPort, type PreparedTransaction } from '../ledger/ledger.port.js';
import { Randomness } from '../randomness.js';
import { AccountLocks, type ReleaseLocks } from './account-locks.js';
import { backoffMs } from './backoff.js';
import { BatchStore } from './batch-store.js';
import { Gate } from './gate.js';
import { TransactionCourier } from './transaction-courier.js';
import type { TransactionVerdict } from './transaction-verdict.js';

/** Attempts of one write: conflicts and an unavailable ledger are waited out for some seconds, then the caller decides. */
export const WRITE_ATTEMPTS_MAX = 8;
/** Callers of operations give up after 30 s; they should hear before that the outcome is open. */
export const WRITE_WAIT_MS = 25_000;

/** Endorsed and stored at once: half of the database's connections; the others are for batches, blocks and queries. */
export const WRITES_AT_ONCE_MAX = 8;

/** A write that a block has confirmed and the projection shows. */
export interface LedgerWriteResult {
  readonly txId: string;
  readonly blockNumber: bigint;
  /** The contract's answer, JSON. */
  readonly result: string;
  readonly items: readonly ItemVerdict[];
}

/** Single transactions of operations: endorse → store → submit → wait until the block is projected. */
export class LedgerWriter {
  private readonly gate = new Gate(WRITES_AT_ONCE_MAX);

  constructor(
    private readonly ledger: LedgerPort,
    private readonly store: BatchStore,
    private readonly locks: AccountLocks,
    private readonly courier: TransactionCourier,
    private readonly clock: Clock,
    private readonly randomness: Randomness,
  ) {}

  /**
   * `evIds`: the accounts whose `A~` key it writes; it waits for whoever writes them now.
   * @throws LedgerError `final` with the contract's code; `ask-again` LEDGER_OUTCOME_UNKNOWN when no verdict came in time
   * (it may still come: repeat with the same external reference); `retry` when the ledger stays unavailable.
   */
  async write<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
    evIds: readonly string[] = [],
  ): Promise<LedgerWriteResult> {
    const deadlineMs = this.clock.nowMs() + WRITE_WAIT_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(fn, args, caller, evIds, deadlineMs);
      } catch (error) {
        const again = error instanceof LedgerError && error.errorClass === 'retry' && attempt < WRITE_ATTEMPTS_MAX;
        if (!again || this.clock.nowMs() >= deadlineMs) throw error;
      }
      await pause(backoffMs(attempt, this.randomness));
    }
  }

  private async attempt<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
    evIds: readonly string[],
    deadlineMs: number,
  ): Promise<LedgerWriteResult> {
    const release = await this.locks.lock(evIds);
    const sent = await this.send(fn, args, caller, evIds).catch((error: unknown) => {
      release();
      throw error;
    });
    // The lock outlives an impatient caller: it ends with the verdict.
    void sent.verdict.then(release satisfies ReleaseLocks);
    const verdict = await within(sent.verdict, deadlineMs - this.clock.nowMs());
    if (verdict === undefined)
      throw new LedgerError('ask-again', 'LEDGER_OUTCOME_UNKNOWN', 'no verdict yet', sent.txId);
    return confirmed(verdict, sent.result);
  }

  private async send<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
    evIds: readonly string[],
  ): Promise<{ readonly txId: string; readonly result: string; readonly verdict: Promise<TransactionVerdict> }> {
    const { prepared, nowMs } = await this.gate.run(() => this.endorseAndStore(fn, args, caller, evIds));
    return { txId: prepared.txId, result: prepared.result, verdict: this.courier.carry(prepared, nowMs) };
  }

  private async endorseAndStore<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
    evIds: readonly string[],
  ): Promise<{ readonly prepared: PreparedTransaction; readonly nowMs: number }> {
    const prepared = await this.ledger.prepare(fn, args, caller);
    const nowMs = this.clock.nowMs();
    const stored = { txId: prepared.txId, fn, mspId: caller.mspId, bytes: prepared.bytes, evIds };
    try {
      await this.store.prepared(stored, [], nowMs);
    } catch (error) {
      // Not submitted by us. Should the commit have been done after all, it is found as a stray, and the external
      // reference keeps the second attempt from moving money again.
      throw new LedgerError('retry', 'DATABASE_UNAVAILABLE', String(error), prepared.txId);
    }
    return { prepared, nowMs };
  }
}

function confirmed(verdict: TransactionVerdict, result: string): LedgerWriteResult {
  if (verdict.valid && verdict.blockNumber !== null) {
    return { txId: verdict.txId, blockNumber: verdict.blockNumber, result, items: verdict.items };
  }
  // Refused in a block: endorsed again it is another transaction. Refused at submit: the same would happen again.
  throw new LedgerError(
    verdict.blockNumber === null ? 'final' : 'retry',
    verdict.code,
    'transaction refused',
    verdict.txId,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), Math.max(0, ms))));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
