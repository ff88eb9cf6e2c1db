import { describe, it } from '@jest/globals';
import { AccountsContract } from './accounts.contract.js';
import { expectContract } from './testing/contract-traits.js';

describe('the contract accounts', () => {
  it('has its name, its functions, and access before each of them', async () => {
    await expectContract(new AccountsContract(), 'accounts', [
      'OpenAccount',
      'FreezeAccount',
      'Deposit',
      'Refund',
      'GetAccount',
    ]);
  });
});
