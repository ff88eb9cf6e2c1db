/** What happens to connections: for the live log, security events, and whoever waits for a pile to boot. */
export type ConnectionEvent = {
  readonly at: number;
  readonly chargePointId: string;
} & (
  | { readonly kind: 'connected'; readonly epoch: number; readonly remoteAddress: string; readonly secure: boolean }
  | { readonly kind: 'disconnected'; readonly epoch: number; readonly code: number; readonly reason: string }
  /** BootNotification was answered `Accepted`. */
  | { readonly kind: 'booted'; readonly epoch: number }
  /** Security: an authenticated newcomer displaced a live socket. */
  | { readonly kind: 'swapped'; readonly epoch: number; readonly remoteAddress: string }
  /** Security alarm: two devices fight for one identity; remote commands are off for a while. */
  | { readonly kind: 'contested'; readonly swaps: number }
  /** Security: an upgrade was refused. */
  | { readonly kind: 'refused'; readonly cause: RefusalCause; readonly remoteAddress: string }
  /** Alarm: a pile keeps settings that endanger bills (reliability.md section 6). */
  | { readonly kind: 'configuration-refused'; readonly keys: readonly string[] }
  /** An answer came after its command had timed out, or to nothing that we asked. */
  | { readonly kind: 'late-answer'; readonly messageId: string; readonly known: boolean }
);
export type RefusalCause = 'unregistered' | 'bad-credentials' | 'security-profile' | 'rate-limited';

/** Where connection events go besides listeners in this process; the adapter must not throw. */
export abstract class ConnectionLog {
  abstract append(event: ConnectionEvent): void;
}

/** Listeners in this process; a module that needs events subscribes, so that connection/ knows none of them. */
export class ConnectionEvents {
  private readonly listeners = new Set<(event: ConnectionEvent) => void>();

  subscribe(listener: (event: ConnectionEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(event: ConnectionEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
