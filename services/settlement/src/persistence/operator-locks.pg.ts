import { OperatorLocks } from '../batching/operator-locks.js';
import type { Database, DatabaseSession } from './database.js';

/** First half of the lock's key; the second is the operator's hash. Ours alone, otherwise without meaning. */
const OPERATOR_LOCK_CLASS = 7_411_103;

/** Advisory locks on a session of their own: a process that dies loses them at once. */
export class PgOperatorLocks extends OperatorLocks {
  private session: DatabaseSession | undefined;
  private readonly held = new Set<string>();
  private readonly listeners: (() => void)[] = [];
  /** One question at a time: they share the session. */
  private asking: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {
    super();
  }

  override onLost(listener: () => void): void {
    this.listeners.push(listener);
  }

  override tryLock(operatorId: string): Promise<boolean> {
    const answer = this.asking.then(() => this.ask(operatorId));
    this.asking = answer.catch(() => undefined);
    return answer;
  }

  override async end(): Promise<void> {
    await this.asking;
    const { session } = this;
    this.session = undefined;
    this.held.clear();
    await session?.end();
  }

  private async ask(operatorId: string): Promise<boolean> {
    if (this.held.has(operatorId)) return true;
    const session = (this.session ??= await this.open());
    const [row] = await session.rows<{ locked: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as locked', [
      OPERATOR_LOCK_CLASS,
      operatorId,
    ]);
    if (row?.locked !== true) return false;
    // The session may have ended while it answered: then nothing is held.
    if (this.session === session) this.held.add(operatorId);
    return this.session === session;
  }

  private async open(): Promise<DatabaseSession> {
    const session = await this.database.session();
    void session.ended.then(() => {
      if (this.session !== session) return;
      this.session = undefined;
      this.held.clear();
      for (const listener of this.listeners) listener();
    });
    return session;
  }
}
