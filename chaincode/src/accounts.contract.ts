import { deposit, freezeAccount, getAccount, openAccount, refund } from './accounts.js';
import { Returns, Transaction } from './fabric-runtime.js';
import { answer, LedgerContract } from './ledger-contract.js';
import { LedgerContext } from './ledger-context.js';

/** Accounts of EV users: opened, funded and read by their own operator. */
export class AccountsContract extends LedgerContract {
  constructor() {
    super('accounts');
  }

  @Transaction()
  @Returns('string')
  async OpenAccount(context: LedgerContext, args: string): Promise<string> {
    return answer('OpenAccount', args, (input) => openAccount(context, input));
  }

  @Transaction()
  @Returns('string')
  async FreezeAccount(context: LedgerContext, args: string): Promise<string> {
    return answer('FreezeAccount', args, (input) => freezeAccount(context, input));
  }

  @Transaction()
  @Returns('string')
  async Deposit(context: LedgerContext, args: string): Promise<string> {
    return answer('Deposit', args, (input) => deposit(context, input));
  }

  @Transaction()
  @Returns('string')
  async Refund(context: LedgerContext, args: string): Promise<string> {
    return answer('Refund', args, (input) => refund(context, input));
  }

  @Transaction(false)
  @Returns('string')
  async GetAccount(context: LedgerContext, args: string): Promise<string> {
    return answer('GetAccount', args, ({ evId }) => getAccount(context, evId));
  }
}
