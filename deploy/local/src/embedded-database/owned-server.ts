import type { Client } from 'pg';

/** Between two attempts to bring a server back that did not come up in time. */
const RETRY_MS = 1_000;

/** What a person is told when the server dies and when it is back. */
export type Notice = (line: string) => void;

/**
 * The one connection that a data folder's owner holds for life. When it ends unasked the server is gone (killed, crashed,
 * out of memory): it is brought back and owned again, as often as it takes, until {@link release}.
 */
export class OwnedServer {
  private released = false;
  private recovery: Promise<void> = Promise.resolve();

  /** `recover` starts the server when it is down and resolves with a new owning connection. */
  constructor(
    private owner: Client,
    private readonly recover: () => Promise<Client>,
    private readonly notice: Notice,
    private readonly retryMs: number = RETRY_MS,
  ) {
    this.watch(owner);
  }

  /** Gives ownership up: nothing is brought back from here on. Waits for a recovery that is under way. */
  async release(): Promise<void> {
    this.released = true;
    await this.recovery;
    await this.owner.end().catch(() => undefined);
  }

  private watch(owner: Client): void {
    owner.once('end', () => {
      if (!this.released) this.recovery = this.bringBack();
    });
  }

  private async bringBack(): Promise<void> {
    this.notice('The built-in PostgreSQL ended; starting it again');
    while (!this.released) {
      try {
        this.owner = await this.recover();
        this.watch(this.owner);
        return;
      } catch (error) {
        this.notice(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, this.retryMs));
      }
    }
  }
}
