import { movementRecord, type MovementKind } from '@tallywatt/contracts';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';

/** What is to be moved; the caller's organisation is part of the key. */
interface Movement {
  readonly kind: MovementKind;
  readonly reference: string;
  readonly account: string;
  readonly amountMinor: bigint;
}
export interface MovementAnswer {
  readonly reference: string;
  readonly amountMinor: string;
  /** The reference was known with the same content: nothing moved again. */
  readonly duplicate: boolean;
}

/**
 * Moves money once per external reference: same reference and content → nothing moves again.
 * @throws ContractError REFERENCE_USED for the same reference with other content.
 */
export async function recordMovement(
  context: LedgerContext,
  movement: Movement,
  move: () => Promise<void>,
): Promise<MovementAnswer> {
  const { state, caller } = context;
  const before = await state.find(movementRecord, keys.movement(movement.kind, caller.mspId, movement.reference));
  const answer = { reference: movement.reference, amountMinor: movement.amountMinor.toString() };
  if (before !== undefined) {
    const same = before.account === movement.account && before.amountMinor === movement.amountMinor;
    demand(same, 'REFERENCE_USED', 'the reference names another movement');
    return { ...answer, duplicate: true };
  }
  await move();
  state.put(movementRecord, { ...movement, operatorId: caller.mspId });
  return { ...answer, duplicate: false };
}
