import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { OPERATION_INPUTS, type OperationName, type Principal, type Role } from '@tallywatt/contracts';
import { foundConsortium, publishFacts } from '../testing/consortium.js';
import { OperationsHarness, principal } from '../testing/operations-harness.js';
import { until } from '../testing/until.js';

Logger.overrideLogger(false);

const ALL: readonly Role[] = ['operator', 'finance', 'driver', 'supervisor'];
const STAFF: readonly Role[] = ['operator', 'finance', 'supervisor'];

/** Operation → roles, as the API promises them; written out again, so that a slip in the code shows. */
const ROLES: Readonly<Record<OperationName, readonly Role[]>> = {
  registerOperator: ['supervisor'],
  listOperators: ALL,
  setParameters: ['supervisor'],
  getParameters: ALL,
  publishTariff: ['operator'],
  listTariffs: ALL,
  registerStation: ['operator'],
  listStations: ALL,
  getStation: ALL,
  recommendStations: ALL,
  openAccount: ['operator'],
  listAccounts: STAFF,
  getAccount: ALL,
  freezeAccount: ['operator'],
  deposit: ['finance'],
  refund: ['finance'],
  payOut: ['finance'],
  issueCreditNote: ['finance'],
  rate: ['driver'],
  listBills: ALL,
  getBill: ALL,
  verifyBill: ALL,
  listSettlements: STAFF,
  settlementTrail: ALL,
  retrySettlement: ['finance'],
  decideSettlement: ['finance'],
  createReconciliation: ['finance', 'supervisor'],
  getReconciliation: ['finance', 'supervisor'],
  listBreaks: ['finance', 'supervisor'],
  updateBreak: ['finance'],
  ledgerStatus: ALL,
  getBlock: STAFF,
  getLedgerTransaction: STAFF,
  supply: STAFF,
};
const NAMES = Object.keys(OPERATION_INPUTS) as OperationName[];

const organisationOf = (role: Role): string => (role === 'supervisor' ? 'SUPERVISION' : 'TELD');
/** No operation's input: whoever may ask is told so, whoever may not is told that first. */
const NO_INPUT = { unheardOf: true };

describe('access to operations', () => {
  let harness: OperationsHarness;
  /** `home`: TELD's user at TELD's station; `away`: TELD's user at STAR's; `held`: at STAR's, waiting for a person. */
  const bill = { home: '', away: '', held: '' };
  beforeAll(async () => {
    harness = await OperationsHarness.create();
    await foundConsortium(harness.engines.engine.writer);
    const facts = [
      { evId: 'ev1' },
      { evId: 'ev2', operatorId: 'STAR' },
      { evId: 'ev3', operatorId: 'STAR', holdReason: 'too_old' },
    ];
    const [home, away, held] = await publishFacts(harness.base.owner, facts);
    Object.assign(bill, { home, away, held });
    await until(async () => (await harness.engines.count('settlement.bill')) === 2);
    await until(async () => (await harness.engines.count('settlement.settlement')) === 3);
  }, 60_000);
  afterAll(() => harness.end());

  const codeOf = async (operation: OperationName, who: Principal, input: object): Promise<string> => {
    const answer = await harness.ask(operation, who, input);
    return answer.ok ? 'ok' : answer.problem.code;
  };

  it.each(NAMES.flatMap((name) => ALL.map((role) => [name, role] as const)))('%s as %s', async (name, role) => {
    const code = await codeOf(name, principal(role, organisationOf(role), 'ev1'), NO_INPUT);
    expect(code).toBe(ROLES[name].includes(role) ? 'invalid_request' : 'forbidden_role');
  });

  it.each(NAMES)('%s refuses a supervisor of an operator', async (name) => {
    expect(await codeOf(name, principal('supervisor', 'TELD'), NO_INPUT)).toBe('forbidden_role');
  });

  /** Reads of one object: who sees it. */
  const PARTIES = [
    ['operator', 'TELD', undefined, { account: 'ok', home: 'ok', away: 'ok' }],
    ['finance', 'TELD', undefined, { account: 'ok', home: 'ok', away: 'ok' }],
    ['operator', 'STAR', undefined, { account: 'not_found', home: 'not_found', away: 'ok' }],
    ['finance', 'STAR', undefined, { account: 'not_found', home: 'not_found', away: 'ok' }],
    ['finance', 'PTNE', undefined, { account: 'not_found', home: 'not_found', away: 'not_found' }],
    ['driver', 'TELD', 'ev1', { account: 'ok', home: 'ok', away: 'not_found' }],
    ['driver', 'TELD', 'ev2', { account: 'not_found', home: 'not_found', away: 'ok' }],
    ['driver', 'STAR', 'ev1', { account: 'not_found', home: 'not_found', away: 'not_found' }],
    ['driver', 'TELD', undefined, { account: 'not_found', home: 'not_found', away: 'not_found' }],
    ['supervisor', 'SUPERVISION', undefined, { account: 'ok', home: 'ok', away: 'ok' }],
  ] as const;

  it.each(PARTIES)('%s of %s (%s) sees what it is a party of', async (role, organisation, evId, expected) => {
    const who = principal(role, organisation, evId);
    const home = {
      getBill: { billId: bill.home },
      verifyBill: { billId: bill.home },
      settlementTrail: { settlementId: bill.home },
    };
    const away = {
      getBill: { billId: bill.away },
      verifyBill: { billId: bill.away },
      settlementTrail: { settlementId: bill.away },
    };
    expect(await codeOf('getAccount', who, { evId: 'ev1' })).toBe(expected.account);
    for (const name of ['getBill', 'verifyBill', 'settlementTrail'] as const) {
      expect([name, await codeOf(name, who, home[name])]).toEqual([name, expected.home]);
      expect([name, await codeOf(name, who, away[name])]).toEqual([name, expected.away]);
    }
  });

  it.each(PARTIES)('%s of %s (%s) lists nothing foreign', async (role, organisation, evId, expected) => {
    const who = principal(role, organisation, evId);
    const { data } = await harness.value<{ data: { id: string }[] }>('listBills', who);
    const visible = [...(expected.home === 'ok' ? [bill.home] : []), ...(expected.away === 'ok' ? [bill.away] : [])];
    expect(data.map(({ id }) => id).sort()).toEqual(visible.sort());
    const counts = await harness.value<{ settlements: Record<string, number> }>('ledgerStatus', who);
    expect(counts.settlements['final'] ?? 0).toBe(visible.length);
  });

  it.each([
    ['freezeAccount', 'operator', () => ({ evId: 'ev1', frozen: true }), { evId: 'none' }],
    ['deposit', 'finance', () => ({ evId: 'ev1', amountMinor: '1', reference: 'x' }), { evId: 'none' }],
    ['refund', 'finance', () => ({ evId: 'ev1', amountMinor: '1', reference: 'x' }), { evId: 'none' }],
    ['issueCreditNote', 'finance', () => ({ billId: bill.home, reference: 'x', reason: 'r' }), { billId: 'none' }],
    ['retrySettlement', 'finance', () => ({ settlementId: bill.home }), { settlementId: 'none' }],
    [
      'decideSettlement',
      'finance',
      () => ({ settlementId: bill.home, decision: 'drop', reason: 'why not' }),
      { settlementId: 'none' },
    ],
  ] as const)('%s answers a foreign id exactly like none', async (name, role, input, none) => {
    const star = principal(role, 'STAR');
    const foreign = await harness.ask(name, star, input());
    expect(foreign).toEqual(await harness.ask(name, star, { ...input(), ...none }));
    expect(foreign).toMatchObject({ ok: false, problem: { status: 404, code: 'not_found' } });
  });

  it.each([
    ['issueCreditNote', () => ({ billId: bill.away, reference: 'x', reason: 'r' })],
    ['decideSettlement', () => ({ settlementId: bill.held, decision: 'drop', reason: 'why not' })],
    ['retrySettlement', () => ({ settlementId: bill.held })],
  ] as const)("%s is the station operator's, though the user's operator sees it", async (name, input) => {
    expect(await codeOf(name, principal('finance', 'TELD'), input())).toBe('forbidden_organisation');
  });

  it('shows arguments of a transaction to its own organisation and supervision only', async () => {
    const { txId } = await harness.value<{ txId: string }>('getBill', principal('finance', 'TELD'), {
      billId: bill.away,
    });
    const args = async (who: Principal) =>
      (await harness.value<{ args: unknown }>('getLedgerTransaction', who, { txId })).args;
    expect(await args(principal('finance', 'TELD'))).toBeNull();
    expect(await args(principal('finance', 'STAR'))).toMatchObject({ operatorId: 'STAR' });
    expect(await args(principal('supervisor', 'SUPERVISION'))).toMatchObject({ operatorId: 'STAR' });
  });

  it.each([
    ['no message', undefined, 'invalid_message'],
    [
      'an unknown role',
      { operation: 'getBill', principal: { role: 'root', organisation: 'TELD', name: 'x' }, requestId: '1', input: {} },
      'invalid_message',
    ],
    [
      'an unknown operation',
      { operation: 'toString', principal: principal('operator', 'TELD'), requestId: '1', input: {} },
      'not_found',
    ],
  ])('answers %s with a problem', async (_what, message, code) => {
    expect(await harness.send(message)).toMatchObject({ ok: false, problem: { code } });
  });
});
