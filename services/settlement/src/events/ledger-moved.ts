/** Tells csms that settlement's views moved. A hint: losing it loses nothing, so nobody waits for it. */
export abstract class LedgerMovedSignal {
  abstract moved(blockNumber: bigint): void;
}
