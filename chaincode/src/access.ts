import { SUPERVISION, type Caller, type CallerRole, type LedgerFunction, type LedgerQuery } from '@tallywatt/contracts';
import { ContractError } from './contract-error.js';

interface Rule {
  /** `operator`: every organisation but supervision. */
  readonly organisation: 'supervision' | 'operator' | 'any';
  readonly roles: readonly CallerRole[];
}

const SUPERVISOR: Rule = { organisation: 'supervision', roles: ['supervisor'] };
const TREASURER: Rule = { organisation: 'operator', roles: ['treasurer'] };
const OPERATOR: Rule = { organisation: 'operator', roles: ['operator'] };
const SETTLER: Rule = { organisation: 'operator', roles: ['settler'] };
const STAFF: readonly CallerRole[] = ['settler', 'treasurer', 'operator', 'supervisor', 'auditor'];

/**
 * Who may call what; what is not here is refused. Whose account, station or bill it is, is checked where the record
 * is read (ownership.ts).
 */
export const ACCESS: Readonly<Record<LedgerFunction | LedgerQuery, Rule>> = {
  RegisterOperator: SUPERVISOR,
  SetParameters: SUPERVISOR,
  RegisterStation: OPERATOR,
  PublishTariff: OPERATOR,
  OpenAccount: OPERATOR,
  FreezeAccount: OPERATOR,
  Deposit: TREASURER,
  Refund: TREASURER,
  PayOut: TREASURER,
  FoldAccount: TREASURER,
  IssueCreditNote: TREASURER,
  SettleBatch: SETTLER,
  ReportEndorsements: SETTLER,
  RateBatch: { organisation: 'operator', roles: ['settler', 'driver'] },
  Anchor: { organisation: 'any', roles: ['treasurer', 'operator', 'supervisor'] },
  GetAccount: { organisation: 'any', roles: [...STAFF, 'driver'] },
  GetBill: { organisation: 'any', roles: [...STAFF, 'driver'] },
  BillsByAccount: { organisation: 'any', roles: [...STAFF, 'driver'] },
  BillsByStation: { organisation: 'any', roles: STAFF },
  BillsByOperator: { organisation: 'any', roles: STAFF },
  GetStation: { organisation: 'any', roles: [...STAFF, 'driver'] },
  GetParameters: { organisation: 'any', roles: [...STAFF, 'driver'] },
  Supply: { organisation: 'any', roles: STAFF },
};
const RULES = new Map<string, Rule>(Object.entries(ACCESS));

/** @throws ContractError ACCESS_DENIED unless the table lets this caller call this function. */
export function assertAccess(fn: string, caller: Caller): void {
  const rule = RULES.get(fn);
  if (rule === undefined || !organisationFits(rule, caller) || !rule.roles.includes(caller.role)) {
    throw new ContractError('ACCESS_DENIED', `${caller.role} of ${caller.mspId} may not call ${fn}`);
  }
  // A supervisor is one only in supervision's own organisation, whatever another organisation's certificate says.
  if (caller.role === 'supervisor' && caller.mspId !== SUPERVISION) {
    throw new ContractError('ACCESS_DENIED', `${caller.mspId} is not supervision`);
  }
}

function organisationFits(rule: Rule, caller: Caller): boolean {
  if (rule.organisation === 'any') return true;
  return (caller.mspId === SUPERVISION) === (rule.organisation === 'supervision');
}
