import type { LedgerBlock, LedgerPort } from '../ledger/ledger.port.js';

/** One block, or undefined when the chain has not come to it. */
export async function readBlock(ledger: LedgerPort, number: bigint): Promise<LedgerBlock | undefined> {
  if (number >= (await ledger.height())) return undefined;
  const stop = new AbortController();
  try {
    for await (const block of ledger.blocks(number, stop.signal)) return block;
  } finally {
    stop.abort();
  }
  return undefined;
}
