import {
  accountRecord,
  operatorRecord,
  type AccountAnswer,
  type AccountRecord,
  type DepositArgs,
  type FreezeAccountArgs,
  type OpenAccountArgs,
  type RefundArgs,
} from '@tallywatt/contracts';
import { isBlocked } from '@tallywatt/domain';
import { assertMoney, depositTo } from './account-money.js';
import { demand } from './contract-error.js';
import { keys } from './keys.js';
import type { LedgerContext } from './ledger-context.js';
import { recordMovement, type MovementAnswer } from './movements.js';
import { assertOwn, assertReadable } from './ownership.js';
import { currentParameters } from './parameters.js';

/** Opens an empty account; the same request again is answered alike. @throws ContractError ALREADY_EXISTS at another operator. */
export async function openAccount(context: LedgerContext, args: OpenAccountArgs): Promise<{ readonly evId: string }> {
  const { state, caller } = context;
  assertOwn(caller, args.operatorId);
  await state.load([keys.operator(args.operatorId), keys.account(args.evId)]);
  demand(
    state.get(operatorRecord, keys.operator(args.operatorId)) !== undefined,
    'UNKNOWN_OPERATOR',
    'the operator is not admitted',
  );
  const before = state.get(accountRecord, keys.account(args.evId));
  demand(before === undefined || before.operatorId === args.operatorId, 'ALREADY_EXISTS', 'the account exists');
  if (before === undefined) {
    state.put(accountRecord, { ...args, balanceMinor: 0n, creditSum: 0, creditCount: 0, arrears: 0, frozen: false });
  }
  return { evId: args.evId };
}

/** A frozen account may not charge and gets no money back; what was delivered is still billed, deposits are welcome. */
export async function freezeAccount(
  context: LedgerContext,
  args: FreezeAccountArgs,
): Promise<{ readonly frozen: boolean }> {
  const account = await ownAccount(context, args.evId);
  if (account.frozen !== args.frozen) context.state.put(accountRecord, { ...account, frozen: args.frozen });
  return { frozen: args.frozen };
}

/** Money from the user; brings the account's arrears to an end when it reaches the threshold (rules.md "Credit"). */
export async function deposit(context: LedgerContext, args: DepositArgs): Promise<MovementAnswer> {
  const account = await ownAccount(context, args.evId);
  const amountMinor = BigInt(args.amountMinor);
  return recordMovement(
    context,
    { kind: 'deposit', reference: args.reference, account: args.evId, amountMinor },
    async () => {
      const { thresholdMinor } = await currentParameters(context.state);
      const funded = depositTo(account, amountMinor, thresholdMinor);
      assertMoney(funded.balanceMinor);
      context.state.put(accountRecord, funded);
    },
  );
}

/** Cash back to the user, at most the balance. */
export async function refund(context: LedgerContext, args: RefundArgs): Promise<MovementAnswer> {
  const account = await ownAccount(context, args.evId);
  const amountMinor = BigInt(args.amountMinor);
  return recordMovement(
    context,
    { kind: 'refund', reference: args.reference, account: args.evId, amountMinor },
    async () => {
      demand(!account.frozen, 'ACCOUNT_FROZEN', 'the account is frozen');
      const { thresholdMinor } = await currentParameters(context.state);
      const balanceMinor = account.balanceMinor - amountMinor;
      demand(balanceMinor >= 0n, 'INSUFFICIENT_BALANCE', 'the refund exceeds the balance');
      // Only a payment may take an account below the threshold (rules.md "Payment").
      demand(
        balanceMinor >= thresholdMinor,
        'INSUFFICIENT_BALANCE',
        'the refund would take the account below the threshold',
      );
      context.state.put(accountRecord, { ...account, balanceMinor });
    },
  );
}

/** Balance, credit and standing; for the user, the user's operator and supervision. */
export async function getAccount(context: LedgerContext, evId: string): Promise<AccountAnswer> {
  const { state, caller } = context;
  const account = await state.find(accountRecord, keys.account(evId));
  demand(account !== undefined, 'NOT_FOUND', 'no such record');
  assertReadable(caller, evId, account.operatorId);
  const { minCreditE6 } = await currentParameters(state);
  return { ...account, balanceMinor: account.balanceMinor.toString(), blocked: isBlocked(account, minCreditE6) };
}

async function ownAccount(context: LedgerContext, evId: string): Promise<AccountRecord> {
  const account = await context.state.find(accountRecord, keys.account(evId));
  demand(account !== undefined, 'UNKNOWN_ACCOUNT', 'no such account');
  assertOwn(context.caller, account.operatorId);
  return account;
}
