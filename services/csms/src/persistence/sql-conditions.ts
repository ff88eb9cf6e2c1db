import type { Scope } from '../api/auth/scope.js';

/** WHERE clauses with their parameters; text of a request only ever becomes a parameter. */
export class Conditions {
  private readonly clauses: string[] = [];
  readonly values: unknown[] = [];

  /** `clause` gets the placeholders of the values, in order. */
  add(clause: (placeholders: [string, string]) => string, first: unknown, second?: unknown): void {
    const one = this.parameter(first);
    this.clauses.push(clause([one, second === undefined ? one : this.parameter(second)]));
  }

  parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  copy(): Conditions {
    const copied = new Conditions();
    copied.clauses.push(...this.clauses);
    copied.values.push(...this.values);
    return copied;
  }

  get sql(): string {
    return this.clauses.length === 0 ? 'true' : this.clauses.join(' and ');
  }
}

/** The caller's scope as a condition on a table with operator_id, user_operator_id and ev_id. */
export function visibleTo(scope: Scope, conditions: Conditions, table: string): void {
  switch (scope.kind) {
    case 'all':
      return;
    case 'driver':
      return conditions.add(([evId]) => `${table}.ev_id = ${evId}`, scope.evId);
    case 'organisation':
      return conditions.add(
        ([own]) =>
          scope.ownUsers
            ? `${own} in (${table}.operator_id, ${table}.user_operator_id)`
            : `${table}.operator_id = ${own}`,
        scope.organisation,
      );
  }
}
