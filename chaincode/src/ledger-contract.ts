import type { LedgerFunction, LedgerQueries, LedgerQuery, LedgerTransactions } from '@tallywatt/contracts';
import { assertAccess } from './access.js';
import { readArgument } from './arguments.js';
import { Contract } from './fabric-runtime.js';
import { LedgerContext } from './ledger-context.js';

/** What every contract does around its functions: access first, writes once at the end. */
export abstract class LedgerContract extends Contract {
  override createContext(): LedgerContext {
    return new LedgerContext();
  }

  override async beforeTransaction(context: LedgerContext): Promise<void> {
    assertAccess(functionName(context), context.caller);
  }

  override async afterTransaction(context: LedgerContext): Promise<void> {
    await context.state.flush();
  }

  /** A name that is no function of this contract: refused like a forbidden one. */
  override async unknownTransaction(context: LedgerContext): Promise<void> {
    assertAccess('', context.caller);
  }
}

/** `settlement:SettleBatch` → `SettleBatch`. */
function functionName(context: LedgerContext): string {
  const { fcn } = context.ledger.getFunctionAndParameters();
  return fcn.slice(fcn.indexOf(':') + 1);
}

/** Parses the one JSON argument, runs the step, answers JSON. */
export async function answer<F extends LedgerFunction | LedgerQuery>(
  fn: F,
  json: string,
  step: (args: (LedgerTransactions & LedgerQueries)[F]) => unknown,
): Promise<string> {
  return JSON.stringify(await step(readArgument(fn, json)));
}
