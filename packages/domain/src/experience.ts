import { FIXED_ONE } from './fixed-point.js';
import { divHalfAwayFromZero } from './money.js';

const MICRO = 1_000_000n;

/**
 * Endorsement experience M = β · l / L (formula 1) in fixed point; 0 while the ledger has no counted update.
 * @param betaE6 β in 1e-6
 * @param endorsements l: counted updates that the station's peer node endorsed
 * @param ledgerUpdates L: all counted updates
 */
export function experienceFixed(betaE6: bigint, endorsements: bigint, ledgerUpdates: bigint): bigint {
  if (ledgerUpdates === 0n) return 0n;
  return divHalfAwayFromZero(betaE6 * endorsements * FIXED_ONE, MICRO * ledgerUpdates);
}
