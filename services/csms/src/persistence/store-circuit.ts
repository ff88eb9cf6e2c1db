import { Logger } from '@nestjs/common';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { isOutage } from './database.js';

/** How long everything is refused at once after an outage was noticed, before one try goes through. */
export const CIRCUIT_OPEN_MS = 1_000;

/**
 * Fails fast while the database is away: piles are closed and queue, instead of waiting for a time limit each. After
 * {@link CIRCUIT_OPEN_MS} one statement is let through as a trial; its success closes the circuit.
 */
export class StoreCircuit {
  private openedAtMs: number | undefined;
  private isTrying = false;
  private readonly logger = new Logger('store');

  constructor(private readonly monotonicMs: () => number = () => performance.now()) {}

  get isOpen(): boolean {
    return this.openedAtMs !== undefined;
  }

  /** @throws StoreUnavailableError at once while the circuit is open, and for every fault of the store as a whole */
  async run<T>(statement: () => Promise<T>): Promise<T> {
    if (this.openedAtMs !== undefined) {
      const isEarly = this.monotonicMs() - this.openedAtMs < CIRCUIT_OPEN_MS;
      if (isEarly || this.isTrying) throw new StoreUnavailableError('the database is not reachable');
      this.isTrying = true;
    }
    try {
      const result = await statement();
      this.close();
      return result;
    } catch (error) {
      if (!isOutage(error)) {
        this.close();
        throw error;
      }
      this.open(error);
      throw new StoreUnavailableError('the database is not reachable', { cause: error });
    } finally {
      this.isTrying = false;
    }
  }

  private open(error: unknown): void {
    if (this.openedAtMs === undefined)
      this.logger.error(`store unavailable: ${error instanceof Error ? error.message : String(error)}`);
    this.openedAtMs = this.monotonicMs();
  }

  private close(): void {
    if (this.openedAtMs !== undefined) this.logger.log('store available again');
    this.openedAtMs = undefined;
  }
}
