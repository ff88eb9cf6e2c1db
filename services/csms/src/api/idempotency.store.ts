/** One use of an `Idempotency-Key`: keys of different organisations never meet. */
export interface IdempotencyUse {
  readonly organisation: string;
  readonly key: string;
  /** SHA-256 over operation and input. */
  readonly inputDigest: Buffer;
}

export type IdempotencyBegin =
  /** Ours to run: new, or an earlier attempt failed or died. */
  | { readonly type: 'run' }
  | { readonly type: 'in-flight' }
  | { readonly type: 'other-input' }
  | { readonly type: 'answered'; readonly answer: unknown };

/** Keys of money movements; they never expire. */
export abstract class IdempotencyStore {
  /** Takes the key for `leaseMs`; a dead holder loses it after that. */
  abstract begin(use: IdempotencyUse, leaseMs: number): Promise<IdempotencyBegin>;
  abstract complete(use: IdempotencyUse, answer: unknown): Promise<void>;
  /** After a failure: the next attempt with the same input runs again. */
  abstract release(use: IdempotencyUse): Promise<void>;
}
