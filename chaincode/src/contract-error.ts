import { contractMessage, type ContractCode } from '@tallywatt/contracts';

/** A refusal of the contract. On Fabric only the message arrives, so the message carries the code (contracts: contractCodeOf). */
export class ContractError extends Error {
  constructor(
    readonly code: ContractCode,
    text: string,
  ) {
    super(contractMessage(code, text));
  }
}

/** Throws unless the condition holds. */
export function demand(condition: boolean, code: ContractCode, text: string): asserts condition {
  if (!condition) throw new ContractError(code, text);
}
