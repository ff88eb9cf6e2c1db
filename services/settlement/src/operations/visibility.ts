import type { Principal } from '@tallywatt/contracts';
import { isSupervision } from './principal-caller.js';

/** Which rows a principal may see; every query turns it into its WHERE clause. */
export type Visibility =
  | { readonly kind: 'all' }
  /** Rows that the organisation is a party of. */
  | { readonly kind: 'organisation'; readonly organisation: string }
  | { readonly kind: 'driver'; readonly organisation: string; readonly evId: string };

export function visibilityOf(principal: Principal): Visibility {
  const { organisation } = principal;
  if (isSupervision(principal)) return { kind: 'all' };
  // A driver token without an account sees nothing: no account has an empty id.
  if (principal.role === 'driver') return { kind: 'driver', organisation, evId: principal.evId ?? '' };
  return { kind: 'organisation', organisation };
}
