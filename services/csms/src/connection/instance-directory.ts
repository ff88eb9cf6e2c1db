/** Which csms process holds which pile's socket, when there are several. A guide, not the truth: the holder itself decides. */
export abstract class InstanceDirectory {
  /** The pile's socket is here now, whoever held it before. */
  abstract take(chargePointId: string): Promise<void>;
  /** The pile left; nothing happens when another process has taken it meanwhile. */
  abstract release(chargePointId: string): Promise<void>;
  /** The living process that holds the pile, if any does. Rejects when the directory is away. */
  abstract holderOf(chargePointId: string): Promise<string | undefined>;
  /** Of these piles, those that some living process holds. Rejects when the directory is away. */
  abstract heldAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>>;
}
