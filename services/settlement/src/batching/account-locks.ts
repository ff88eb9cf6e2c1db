/** Releases what was locked; a second call does nothing. */
export type ReleaseLocks = () => void;

interface Waiter {
  readonly evIds: readonly string[];
  readonly grant: (release: ReleaseLocks) => void;
}

/**
 * One writer per EV account at a time: whatever writes `A~evId` (batches, deposits, credit notes) holds its lock from
 * before it is endorsed until a block has given its verdict, so that our own transactions never conflict with each other.
 * In process: one process settles for an operator at a time, and the ledger itself refuses what two processes would do.
 */
export class AccountLocks {
  private readonly held = new Set<string>();
  /** In order of arrival; each waits for all of its accounts. */
  private waiters: Waiter[] = [];

  /** Accounts that a batch should leave out: held, or wanted by somebody who waits. */
  busy(): string[] {
    return [...new Set([...this.held, ...this.waiters.flatMap((waiter) => waiter.evIds)])];
  }

  isBusy(evId: string): boolean {
    return this.held.has(evId) || this.waiters.some((waiter) => waiter.evIds.includes(evId));
  }

  /** Takes the accounts that are free now and says which. Never waits, and never overtakes somebody who does. */
  tryLock(evIds: readonly string[]): { readonly locked: ReadonlySet<string>; readonly release: ReleaseLocks } {
    const locked = new Set([...new Set(evIds)].filter((evId) => !this.isBusy(evId)));
    for (const evId of locked) this.held.add(evId);
    return { locked, release: this.releaser([...locked]) };
  }

  /** Waits until all of the accounts are free together, then takes them. First come, first served per account. */
  lock(evIds: readonly string[]): Promise<ReleaseLocks> {
    const wanted = [...new Set(evIds)];
    return new Promise((grant) => {
      this.waiters.push({ evIds: wanted, grant });
      this.serve();
    });
  }

  private releaser(evIds: readonly string[]): ReleaseLocks {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      for (const evId of evIds) this.held.delete(evId);
      this.serve();
    };
  }

  private serve(): void {
    const promised = new Set<string>();
    const waiting: Waiter[] = [];
    for (const waiter of this.waiters) {
      if (waiter.evIds.some((evId) => this.held.has(evId) || promised.has(evId))) {
        for (const evId of waiter.evIds) promised.add(evId);
        waiting.push(waiter);
      } else {
        for (const evId of waiter.evIds) this.held.add(evId);
        waiter.grant(this.releaser(waiter.evIds));
      }
    }
    this.waiters = waiting;
  }
}
