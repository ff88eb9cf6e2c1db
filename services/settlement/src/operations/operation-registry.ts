import type { Operation } from './operation.js';

/** Every operation of the contract, once. */
export class OperationRegistry {
  private readonly operations = new Map<string, Operation>();

  /** @throws Error when an operation is answered twice: the service must not start then. */
  constructor(groups: readonly (readonly Operation[])[]) {
    for (const operation of groups.flat()) {
      if (this.operations.has(operation.name)) throw new Error(`operation ${operation.name} is answered twice`);
      this.operations.set(operation.name, operation);
    }
  }

  find(name: string): Operation | undefined {
    return this.operations.get(name);
  }

  all(): readonly Operation[] {
    return [...this.operations.values()];
  }
}
