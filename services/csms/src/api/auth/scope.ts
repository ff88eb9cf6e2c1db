import type { Principal } from '@tallywatt/contracts';
import { forbiddenOrganisation } from '../problem.js';

/** Which rows of csms a caller sees; every query takes one and turns it into its WHERE clause. */
export type Scope =
  | { readonly kind: 'all' }
  /** Rows of the organisation's piles; `ownUsers`: also sessions of its users at other operators' piles. */
  | { readonly kind: 'organisation'; readonly organisation: string; readonly ownUsers: boolean }
  | { readonly kind: 'driver'; readonly evId: string };

export function scopeOf(principal: Principal): Scope {
  switch (principal.role) {
    case 'supervisor':
      return { kind: 'all' };
    case 'driver':
      // A driver token without an account sees nothing: no account has an empty id.
      return { kind: 'driver', evId: principal.evId ?? '' };
    case 'finance':
      return { kind: 'organisation', organisation: principal.organisation, ownUsers: true };
    case 'operator':
      return { kind: 'organisation', organisation: principal.organisation, ownUsers: false };
  }
}

/** What a token creates belongs to its own organisation. @throws ProblemError `forbidden_organisation` */
export function requireOwnOrganisation(principal: Principal, operatorId: string): void {
  if (principal.organisation !== operatorId) throw forbiddenOrganisation();
}

/** What a row must carry to be tested in memory (live log). */
export interface Scoped {
  readonly operatorId: string | null;
  readonly userOperatorId: string | null;
  readonly evId: string | null;
}

/** The same rule as the queries' WHERE clause, for rows that are already in memory. */
export function isVisible(scope: Scope, row: Scoped): boolean {
  switch (scope.kind) {
    case 'all':
      return true;
    case 'driver':
      return scope.evId !== '' && row.evId === scope.evId;
    case 'organisation':
      return row.operatorId === scope.organisation || (scope.ownUsers && row.userOperatorId === scope.organisation);
  }
}
