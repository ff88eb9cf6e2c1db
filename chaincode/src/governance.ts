import {
  ANCHOR,
  anchorRecord,
  operatorRecord,
  stateKey,
  STATE_TYPES,
  SUPERVISION,
  type AnchorArgs,
  type RegisterOperatorArgs,
} from '@tallywatt/contracts';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';

/** Admits an operator, or changes its name. */
export async function registerOperator(
  context: LedgerContext,
  args: RegisterOperatorArgs,
): Promise<{ readonly operatorId: string }> {
  demand(args.operatorId !== SUPERVISION, 'INVALID_ARGUMENT', 'supervision is no operator');
  const before = await context.state.find(operatorRecord, keys.operator(args.operatorId));
  if (before?.name !== args.name) context.state.put(operatorRecord, args);
  return { operatorId: args.operatorId };
}

/** Holds the caller's organisation to a hash: a period's close, a step of a dispute. Written once per kind and ref. */
export async function anchor(context: LedgerContext, args: AnchorArgs): Promise<{ readonly duplicate: boolean }> {
  const { state, caller } = context;
  const key = stateKey(STATE_TYPES.movement, ANCHOR, caller.mspId, args.kind, args.ref);
  await state.load([key, keys.operator(caller.mspId)]);
  const admitted = caller.mspId === SUPERVISION || state.get(operatorRecord, keys.operator(caller.mspId)) !== undefined;
  demand(admitted, 'UNKNOWN_OPERATOR', 'the operator is not admitted');
  const before = state.get(anchorRecord, key);
  demand(
    before === undefined || before.sha256 === args.sha256,
    'REFERENCE_USED',
    'the reference is held to another hash',
  );
  if (before === undefined) state.put(anchorRecord, { ...args, operatorId: caller.mspId });
  return { duplicate: before !== undefined };
}
