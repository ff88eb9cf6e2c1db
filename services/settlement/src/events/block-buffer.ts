import type { LedgerBlock } from '../ledger/ledger.port.js';

/** Blocks of one commit: a replay goes many at a time, a live block waits for no other. */
export const BLOCKS_PER_COMMIT = 32;
/** Blocks that are read ahead. */
export const BLOCKS_AHEAD_MAX = 64;

/** Reads a stream of blocks ahead, and hands out whatever has gathered while the last group was being stored. */
export class BlockBuffer {
  private blocks: LedgerBlock[] = [];
  private ended = false;
  private fault: Error | undefined;
  private wake: () => void = () => undefined;
  private drained: () => void = () => undefined;

  constructor(
    source: AsyncIterable<LedgerBlock>,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => {
      this.wake();
      this.drained();
    });
    void this.pump(source);
  }

  get length(): number {
    return this.blocks.length;
  }

  /** The next blocks, at least one; undefined when the stream ended or was aborted. @throws the stream's fault. */
  async take(): Promise<[LedgerBlock, ...LedgerBlock[]] | undefined> {
    while (this.blocks.length === 0 && !this.ended && !this.signal.aborted) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (this.signal.aborted) return undefined;
    const [first, ...rest] = this.blocks.splice(0, BLOCKS_PER_COMMIT);
    this.drained();
    if (first !== undefined) return [first, ...rest];
    if (this.fault !== undefined) throw this.fault;
    return undefined;
  }

  private async pump(source: AsyncIterable<LedgerBlock>): Promise<void> {
    try {
      for await (const block of source) {
        this.blocks.push(block);
        this.wake();
        while (this.blocks.length >= BLOCKS_AHEAD_MAX && !this.signal.aborted) {
          await new Promise<void>((resolve) => (this.drained = resolve));
        }
        if (this.signal.aborted) break;
      }
    } catch (error) {
      this.fault = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.ended = true;
      this.wake();
    }
  }
}
