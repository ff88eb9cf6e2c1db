import { OPERATION_INPUTS } from '@tallywatt/contracts';
import type { Operation } from './operation.js';

/** Every operation of the contract, once. */
export class OperationRegistry {
  private readonly operations = new Map<string, Operation>();

  /** @throws Error when an operation is missing or answered twice: the service must not start then. */
  constructor(groups: readonly (readonly Operation[])[]) {
    for (const operation of groups.flat()) {
      if (this.operations.has(operation.name)) throw new Error(`operation ${operation.name} is answered twice`);
      this.operations.set(operation.name, operation);
    }
    const missing = Object.keys(OPERATION_INPUTS).filter((name) => !this.operations.has(name));
    if (missing.length > 0) throw new Error(`nothing answers ${missing.join(', ')}`);
  }

  find(name: string): Operation | undefined {
    return this.operations.get(name);
  }
}
