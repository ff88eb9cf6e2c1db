import { SUPERVISION, type Caller, type Principal } from '@tallywatt/contracts';

/** Who signs on the ledger for a token. The contract checks the same again. */
export function callerOf(principal: Principal): Caller {
  const mspId = principal.organisation;
  switch (principal.role) {
    case 'finance':
      return { mspId, role: 'treasurer' };
    case 'operator':
      return { mspId, role: 'operator' };
    case 'supervisor':
      return { mspId, role: 'supervisor' };
    case 'driver':
      return principal.evId === undefined ? { mspId, role: 'driver' } : { mspId, role: 'driver', evId: principal.evId };
  }
}

/** A supervisor is one only in supervision's own organisation, whatever a token says. */
export function isSupervision(principal: Principal): boolean {
  return principal.role === 'supervisor' && principal.organisation === SUPERVISION;
}
