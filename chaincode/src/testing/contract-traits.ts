import { expect } from '@jest/globals';
import { LedgerStub } from '../embedded/ledger-stub.js';
import { MemoryLedger } from '../embedded/memory-ledger.js';
import type { LedgerContract } from '../ledger-contract.js';
import type { LedgerContext } from '../ledger-context.js';

/** A context as fabric-shim would make it, for a caller that may do nothing. */
export function contextOf(
  contract: LedgerContract,
  fn: string,
  role = 'auditor',
): { context: LedgerContext; stub: LedgerStub } {
  const stub = new LedgerStub({ txId: 'ab', timestampMs: 0, fn, args: '{}' }, new MemoryLedger());
  const context = contract.createContext();
  context.setChaincodeStub(stub);
  context.setClientIdentity({ getMSPID: () => 'TELD', getAttributeValue: (name) => (name === 'role' ? role : null) });
  return { context, stub };
}

/** What fabric-shim relies on: the name, the functions, access before each, and refusal of everything else. */
export async function expectContract(
  contract: LedgerContract,
  name: string,
  functions: readonly string[],
): Promise<void> {
  expect(contract.getName()).toBe(name);
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(contract)).filter((member) => member !== 'constructor');
  expect(own.sort()).toEqual(functions.toSorted());
  const { context } = contextOf(contract, `${name}:RegisterOperator`);
  await expect(contract.beforeTransaction(context)).rejects.toThrow(/^ACCESS_DENIED: /);
  await expect(contract.unknownTransaction(context)).rejects.toThrow(/^ACCESS_DENIED: /);
}
