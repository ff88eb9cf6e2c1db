import type { LedgerStore, LedgerView } from '../ledger-store.js';
import { ChainVerifier } from './chain-verifier.js';
import type { VerifyReport } from './verify-report.js';

/** Blocks in memory at once. */
const BLOCKS_PER_READ = 50;
const ENTRIES_PER_READ = 5_000;
/** Behind every key: keys are UTF-8 text. */
const END_OF_KEYS = '\u{10FFFF}\u{10FFFF}';

export interface VerifyOptions {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly progress: (step: 'blocks' | 'state', done: number, total: number) => void;
}

/** Walks the whole chain and the whole state of one moment, also while the ledger goes on. */
export function verifyLedger(store: LedgerStore, options: VerifyOptions): Promise<VerifyReport> {
  return store.snapshot(async (view) => {
    const startedMs = options.nowMs();
    const verifier = new ChainVerifier();
    await walkBlocks(view, verifier, options);
    verifier.finish(await walkState(view, verifier, options));
    return verifier.report((options.nowMs() - startedMs) / 1000);
  });
}

async function walkBlocks(view: LedgerView, verifier: ChainVerifier, { progress }: VerifyOptions): Promise<void> {
  const { height } = await view.tip();
  let next = 0n;
  while (next < height) {
    const page = await view.blocks(next, BLOCKS_PER_READ);
    for (const block of page) verifier.block(block);
    next = verifier.height;
    progress('blocks', Number(next), Number(height));
  }
}

async function walkState(view: LedgerView, verifier: ChainVerifier, { progress }: VerifyOptions): Promise<Set<string>> {
  const keys = new Set<string>();
  let start = '';
  for (;;) {
    const page = await view.range(start, END_OF_KEYS, ENTRIES_PER_READ);
    for (const entry of page) {
      verifier.entry(entry);
      keys.add(entry.key);
    }
    progress('state', keys.size, keys.size);
    const last = page.at(-1);
    if (last === undefined || page.length < ENTRIES_PER_READ) return keys;
    // The smallest key behind the last one.
    start = `${last.key}\u0000`;
  }
}
