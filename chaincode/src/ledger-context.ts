import { CALLER_ROLES, type Caller } from '@tallywatt/contracts';
import { ContractError } from './contract-error.js';
import type { ContractIdentity, ContractStub } from './contract-stub.js';
import { Context } from './fabric-runtime.js';
import { State } from './state.js';

declare module 'fabric-contract-api' {
  interface Context {
    setChaincodeStub(stub: ContractStub): void;
    setClientIdentity(identity: ContractIdentity): void;
  }
}

/** What one transaction works with. Lives as long as the transaction; the contract itself holds no state. */
export class LedgerContext extends Context {
  private openState: State | undefined;

  get ledger(): ContractStub {
    return this.stub;
  }

  get state(): State {
    this.openState ??= new State(this.stub);
    return this.openState;
  }

  /** From the certificate, never from an argument. @throws ContractError ACCESS_DENIED without a known role. */
  get caller(): Caller {
    const identity: ContractIdentity = this.clientIdentity;
    const role = CALLER_ROLES.find((known) => known === identity.getAttributeValue('role'));
    if (role === undefined) throw new ContractError('ACCESS_DENIED', 'the certificate names no known role');
    const evId = identity.getAttributeValue('evId');
    return { mspId: identity.getMSPID(), role, ...(evId === null ? {} : { evId }) };
  }

  /** The client's claim of the time, within 15 minutes: for keys and order of display, never for prices. */
  get txTimeMs(): number {
    const { seconds, nanos } = this.ledger.getTxTimestamp();
    return Number(seconds.toString()) * 1000 + Math.floor(nanos / 1_000_000);
  }

  get txId(): string {
    return this.stub.getTxID();
  }
}
