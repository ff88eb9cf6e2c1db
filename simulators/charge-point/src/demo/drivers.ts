import { z } from 'zod';
import type { Clock } from '../clock.js';
import { forEachConcurrently } from '../concurrency.js';
import type { Registry } from '../registry.js';
import type { Rng } from '../rng.js';
import type { DemoDriver } from './world.js';

/** First deposits in fen. A short driver's is gone after one session: then the credit decides. */
const FIRST_DEPOSIT_MINOR = 300_000n;
const SHORT_DEPOSIT_MINOR = 1000n;
/** Below this a driver who pays tops up. */
const TOP_UP_BELOW_MINOR = 15_000n;
const TOP_UP_MINOR = 60_000n;
const TOP_UP_INTERVAL_MS = 15_000;
const REQUESTS_AT_ONCE = 24;

const account = z.object({ balance: z.object({ minor: z.string() }) });

/** The demo's drivers: who is free to charge, and who needs money. */
export class Drivers {
  private readonly free: DemoDriver[];

  constructor(
    private readonly all: readonly DemoDriver[],
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly rng: Rng,
  ) {
    this.free = [...all];
  }

  /** Accounts with their first deposit; both are found again at the next start. */
  async open(): Promise<void> {
    await forEachConcurrently(this.all, REQUESTS_AT_ONCE, async (driver) => {
      const { evId, operatorId, idTag } = driver;
      await this.registry.ensureAccount({ evId, operatorId, idTags: [{ idTag }] });
      await this.registry.deposit(
        driver,
        driver.short ? SHORT_DEPOSIT_MINOR : FIRST_DEPOSIT_MINOR,
        `demo-first-${evId}`,
      );
    });
  }

  /** Somebody who is not charging at the moment; undefined when all are. */
  take(): DemoDriver | undefined {
    const at = this.free.length === 0 ? -1 : this.rng.integer(0, this.free.length - 1);
    return at < 0 ? undefined : this.free.splice(at, 1)[0];
  }

  giveBack(driver: DemoDriver): void {
    this.free.push(driver);
  }

  topUpWhile(signal: AbortSignal): void {
    void this.topUpForever(signal);
  }

  private async topUpForever(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.clock.sleep(TOP_UP_INTERVAL_MS, signal);
      for (const driver of this.all) {
        if (!signal.aborted && !driver.short) await this.topUp(driver).catch(() => undefined);
      }
    }
  }

  /** Deposits when the balance is low. */
  async topUp(driver: DemoDriver): Promise<void> {
    const { evId, operatorId } = driver;
    const { balance } = account.parse(await this.registry.api('finance', operatorId).get(`/v1/accounts/${evId}`));
    if (BigInt(balance.minor) >= TOP_UP_BELOW_MINOR) return;
    await this.registry.deposit(driver, TOP_UP_MINOR, `demo-${evId}-${this.clock.nowMs()}`);
  }
}
