import { describe, expect, it } from '@jest/globals';
import {
  CALLER_ROLES,
  LEDGER_FUNCTIONS,
  LEDGER_QUERIES,
  SUPERVISION,
  type LedgerFunction,
  type LedgerQuery,
} from '@tallywatt/contracts';
import { assertAccess } from './access.js';
import { by } from './testing/ledger-world.js';

const STAFF = [
  ...['settler', 'treasurer', 'operator', 'auditor'].flatMap((role) => [`operator ${role}`, `supervision ${role}`]),
  'supervision supervisor',
];
const EVERYBODY = [...STAFF, 'operator driver', 'supervision driver'];
const QUERIES: Readonly<Record<LedgerQuery, readonly string[]>> = {
  GetAccount: EVERYBODY,
  GetBill: EVERYBODY,
  BillsByAccount: EVERYBODY,
  GetStation: EVERYBODY,
  GetParameters: EVERYBODY,
  BillsByStation: STAFF,
  BillsByOperator: STAFF,
  Supply: STAFF,
};

/** Written by hand from ledger.md, not from the table: `operator` stands for every organisation but supervision. */
const ALLOWED: Readonly<Record<LedgerFunction | LedgerQuery, readonly string[]>> = {
  RegisterOperator: ['supervision supervisor'],
  SetParameters: ['supervision supervisor'],
  RegisterStation: ['operator operator'],
  PublishTariff: ['operator operator'],
  OpenAccount: ['operator operator'],
  FreezeAccount: ['operator operator'],
  Deposit: ['operator treasurer'],
  Refund: ['operator treasurer'],
  PayOut: ['operator treasurer'],
  FoldAccount: ['operator treasurer'],
  IssueCreditNote: ['operator treasurer'],
  SettleBatch: ['operator settler'],
  ReportEndorsements: ['operator settler'],
  RateBatch: ['operator settler', 'operator driver'],
  Anchor: [
    'operator treasurer',
    'operator operator',
    'supervision supervisor',
    'supervision treasurer',
    'supervision operator',
  ],
  ...QUERIES,
};

const ORGANISATIONS = [
  [SUPERVISION, 'supervision'],
  ['TELD', 'operator'],
  ['STAR', 'operator'],
] as const;
const CELLS = [...LEDGER_FUNCTIONS, ...LEDGER_QUERIES].flatMap((fn) =>
  CALLER_ROLES.flatMap((role) =>
    ORGANISATIONS.map(([mspId, kind]) => ({ fn, role, mspId, allowed: ALLOWED[fn].includes(`${kind} ${role}`) })),
  ),
);

describe('access', () => {
  it('is decided for every function, role and organisation', () => {
    expect(CELLS.length).toBe(23 * 6 * 3);
    expect(CELLS.filter((cell) => cell.allowed).length).toBeLessThan(CELLS.length / 2);
  });

  it.each(CELLS)('$fn by $role of $mspId: $allowed', ({ fn, role, mspId, allowed }) => {
    const call = (): void => assertAccess(fn, by(mspId, role));
    if (allowed) expect(call).not.toThrow();
    else expect(call).toThrow(/^ACCESS_DENIED: /);
  });

  it.each(['', 'constructor', '__proto__', 'beforeTransaction', 'settleBatch', 'Mint'])(
    'refuses the unknown function %p to everybody',
    (fn) => {
      for (const role of CALLER_ROLES)
        expect(() => assertAccess(fn, by(SUPERVISION, role))).toThrow(/^ACCESS_DENIED: /);
    },
  );
});
