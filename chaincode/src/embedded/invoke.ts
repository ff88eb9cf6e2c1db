import { LEDGER_QUERIES, type Caller } from '@tallywatt/contracts';
import { contracts } from '../contracts.js';
import { ContractError } from '../contract-error.js';
import type { ContractIdentity } from '../contract-stub.js';
import type { LedgerContract } from '../ledger-contract.js';
import type { LedgerContext } from '../ledger-context.js';
import { LedgerStub, type Invocation } from './ledger-stub.js';
import type { Simulation } from './simulation.js';
import type { StateReader } from './state-reader.js';

type ContractFunction = (context: LedgerContext, args: string) => Promise<string>;
interface Exposed {
  readonly contract: LedgerContract;
  readonly run: ContractFunction;
}

/** Function name → contract, from the classes themselves: their own methods in capitals are the transactions. */
const EXPOSED: ReadonlyMap<string, Exposed> = new Map(
  contracts.flatMap((ContractClass) => {
    const contract: LedgerContract = new ContractClass();
    return functionsOf(ContractClass.prototype).map(([name, run]): [string, Exposed] => [name, { contract, run }]);
  }),
);
const QUERIES: ReadonlySet<string> = new Set(LEDGER_QUERIES);

function functionsOf(prototype: object): [string, ContractFunction][] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, descriptor]) => {
    const member: unknown = descriptor.value;
    return /^[A-Z]/.test(name) && isContractFunction(member) ? [[name, member]] : [];
  });
}

function isContractFunction(member: unknown): member is ContractFunction {
  return typeof member === 'function';
}

/**
 * Runs one contract function for a caller as a peer would: access, arguments, domain, state. Nothing is written.
 * @throws ContractError with the contract's code.
 */
export async function invoke(invocation: Invocation, caller: Caller, reader: StateReader): Promise<Simulation> {
  const exposed = EXPOSED.get(invocation.fn);
  if (exposed === undefined) throw new ContractError('ACCESS_DENIED', `there is no function ${invocation.fn}`);
  const stub = new LedgerStub(invocation, reader);
  const context = exposed.contract.createContext();
  context.setChaincodeStub(stub);
  context.setClientIdentity(identityOf(caller));
  await exposed.contract.beforeTransaction(context);
  const result = await exposed.run.call(exposed.contract, context, invocation.args);
  await exposed.contract.afterTransaction(context);
  return { result, readSet: stub.readSet, rangeReads: stub.rangeReads, writeSet: stub.writeSet, event: stub.event };
}

/** Whether a function only reads. */
export function isQuery(fn: string): boolean {
  return QUERIES.has(fn);
}

/** Contract and function names that a client can call, sorted: `settlement:SettleBatch`. */
export function exposedFunctions(): string[] {
  return [...EXPOSED].map(([name, { contract }]) => `${contract.getName()}:${name}`).sort();
}

function identityOf(caller: Caller): ContractIdentity {
  const attributes = new Map<string, string>([['role', caller.role]]);
  if (caller.evId !== undefined) attributes.set('evId', caller.evId);
  return { getMSPID: () => caller.mspId, getAttributeValue: (name) => attributes.get(name) ?? null };
}
