import { SUPERVISION, type Caller } from '@tallywatt/contracts';
import { ContractError } from './contract-error.js';

/** @throws ContractError ACCESS_DENIED unless the record is the caller's own organisation's. */
export function assertOwn(caller: Caller, operatorId: string): void {
  if (caller.mspId !== operatorId)
    throw new ContractError('ACCESS_DENIED', 'the record belongs to another organisation');
}

/** Parties that may read a record: the user, and the organisations named; supervision reads everything. */
export function mayRead(caller: Caller, evId: string | null, ...organisations: readonly string[]): boolean {
  if (caller.role === 'driver') return evId !== null && caller.evId === evId && organisations.includes(caller.mspId);
  return caller.mspId === SUPERVISION || organisations.includes(caller.mspId);
}

/** A foreign record answers exactly like one that is not there (reliability.md section 8). */
export function assertReadable(caller: Caller, evId: string | null, ...organisations: readonly string[]): void {
  if (!mayRead(caller, evId, ...organisations)) throw new ContractError('NOT_FOUND', 'no such record');
}
