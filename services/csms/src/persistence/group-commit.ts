import { StoreUnavailableError } from '../ocpp/handles.decorator.js';

/** Changes of one transaction: beyond this the statement grows faster than the fsync that it shares. */
export const CHANGES_PER_COMMIT_MAX = 256;
/** Characters of one transaction's payloads: 256 of the largest messages would be 64 MiB. */
export const COMMIT_WEIGHT_MAX = 4 * 1024 * 1024;
/** Changes that wait: two per pile of a full process; more means that the store is too slow. */
export const CHANGES_WAITING_MAX = 20_000;

interface Waiting<C> {
  readonly change: C;
  readonly weight: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupWriter<C> {
  /** Stores all changes in one transaction or none. */
  write(changes: readonly C[]): Promise<void>;
  /** About how many characters the change brings. */
  weigh(change: C): number;
  /** Whether the fault lies in the statement's content: then each change is tried on its own. */
  isContentFault(error: unknown): boolean;
  /** Told after each commit, before the changes' promises resolve. */
  committed(changes: readonly C[]): void;
}

/**
 * One serial committer: while a transaction runs, changes gather for the next. Each promise resolves after the COMMIT
 * that holds its change, so an answer that follows it is durable.
 */
export class GroupCommitter<C> {
  private waiting: Waiting<C>[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly writer: GroupWriter<C>) {}

  /** @throws StoreUnavailableError when too many wait, and whatever the writer says about this change */
  commit(change: C): Promise<void> {
    if (this.waiting.length >= CHANGES_WAITING_MAX)
      return Promise.reject(new StoreUnavailableError('too many changes wait'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ change, weight: this.writer.weigh(change), resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) await this.store(this.nextGroup());
    // In the same turn as the last look at the queue: who comes later starts a new run.
    this.running = undefined;
  }

  private nextGroup(): readonly Waiting<C>[] {
    let weight = 0;
    let count = 0;
    for (const waiting of this.waiting) {
      weight += waiting.weight;
      if (count > 0 && (count >= CHANGES_PER_COMMIT_MAX || weight > COMMIT_WEIGHT_MAX)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  /** A group that fails for its content is halved until the change that is at fault stands alone. */
  private async store(group: readonly Waiting<C>[]): Promise<void> {
    try {
      const changes = group.map(({ change }) => change);
      await this.writer.write(changes);
      this.writer.committed(changes);
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length === 1 || !this.writer.isContentFault(error)) {
        for (const { reject } of group) reject(error);
        return;
      }
      const half = Math.ceil(group.length / 2);
      await this.store(group.slice(0, half));
      await this.store(group.slice(half));
    }
  }
}
