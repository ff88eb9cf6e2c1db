import type { Change } from './change.js';

/** Told after each commit of session changes, in this process; must not throw. */
export type CommitListener = (changes: readonly Change[]) => void;

/** Who wants to know what was just committed: the outbox relay, the live log. */
export abstract class CommitFeed {
  abstract onCommit(listener: CommitListener): void;
}
