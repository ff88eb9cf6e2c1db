import type { AccountView, OperationInput, Principal } from '@tallywatt/contracts';
import type { LedgerWriter } from '../batching/ledger-writer.js';
import type { AccountQueries, AccountRow } from './account-queries.js';
import { type Currency, moneyView } from './money-view.js';
import type { NetworkQueries } from './network-queries.js';
import { EVERYONE, OPERATOR, type Operation, reads, STAFF, writes } from './operation.js';
import { pageView } from './paging.js';
import { callerOf } from './principal-caller.js';
import { alreadyExists, forbiddenOrganisation, notFound } from './refusal.js';
import { visibilityOf } from './visibility.js';

/** Accounts of EV users: their operator opens and freezes them. */
export class AccountOperations {
  readonly operations: readonly Operation[] = [
    writes('openAccount', OPERATOR, (input, principal) => this.open(input, principal)),
    reads('listAccounts', STAFF, (input, principal) => this.list(input, principal)),
    reads('getAccount', EVERYONE, ({ evId }, principal) => this.get(evId, principal)),
    writes('freezeAccount', OPERATOR, (input, principal) => this.freeze(input, principal)),
  ];

  constructor(
    private readonly accounts: AccountQueries,
    private readonly network: NetworkQueries,
    private readonly writer: LedgerWriter,
  ) {}

  private async open(input: OperationInput<'openAccount'>, principal: Principal): Promise<AccountView> {
    if (input.operatorId !== principal.organisation) throw forbiddenOrganisation();
    // An id that is taken answers alike, whoever has it.
    if ((await this.accounts.account(input.evId, { kind: 'all' })) !== undefined) throw alreadyExists();
    await this.writer.write('OpenAccount', input, callerOf(principal), [input.evId]);
    return this.get(input.evId, principal);
  }

  private async list(input: OperationInput<'listAccounts'>, principal: Principal): Promise<unknown> {
    const rows = await this.accounts.accounts(visibilityOf(principal), input);
    const currency = await this.network.currency();
    return pageView(
      rows,
      input.limit,
      (account) => [account.evId],
      (account) => accountView(account, currency),
    );
  }

  private async get(evId: string, principal: Principal): Promise<AccountView> {
    const account = await this.accounts.account(evId, visibilityOf(principal));
    if (account === undefined) throw notFound();
    return accountView(account, await this.network.currency());
  }

  private async freeze({ evId, frozen }: OperationInput<'freezeAccount'>, principal: Principal): Promise<AccountView> {
    const before = await this.get(evId, principal);
    if ((before.status === 'frozen') === frozen) return before;
    await this.writer.write('FreezeAccount', { evId, frozen }, callerOf(principal), [evId]);
    return this.get(evId, principal);
  }
}

function accountView(account: AccountRow, currency: Currency): AccountView {
  const { balanceMinor, blocked, frozen, ...known } = account;
  const status = frozen ? 'frozen' : blocked ? 'blocked' : 'active';
  return { ...known, balance: moneyView(balanceMinor, currency), status };
}
