/** Which operators this process settles for: at most one process per operator, decided by the database. */
export abstract class OperatorLocks {
  /** Tries to become the one process that settles for the operator; true also when it already is. */
  abstract tryLock(operatorId: string): Promise<boolean>;
  /** Called when all locks are gone, because their session ended. */
  abstract onLost(listener: () => void): void;
  abstract end(): Promise<void>;
}
