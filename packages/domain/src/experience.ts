const E6 = 1_000_000n;

/** An exact ratio; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export interface EndorsementCount {
  /** l: ledger updates that the station's peer node endorsed. */
  readonly endorsements: number;
  /** L: all ledger updates; 0 on a ledger without endorsers. */
  readonly ledgerUpdates: number;
}

/**
 * Formula (1): M = β · l / L as an exact ratio, 0 while L = 0.
 * @param betaE6 β in 1e-6
 * @throws RangeError unless 0 ≤ l ≤ L: no node endorses more updates than there are
 */
export function experience({ endorsements, ledgerUpdates }: EndorsementCount, betaE6: bigint): Fraction {
  if (!Number.isSafeInteger(ledgerUpdates) || !Number.isInteger(endorsements)) throw new RangeError('not a count');
  if (endorsements < 0 || endorsements > ledgerUpdates) throw new RangeError('more endorsements than ledger updates');
  if (ledgerUpdates === 0) return { numerator: 0n, denominator: 1n };
  return { numerator: betaE6 * BigInt(endorsements), denominator: E6 * BigInt(ledgerUpdates) };
}
