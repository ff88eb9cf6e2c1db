import { describe, it } from '@jest/globals';
import { SettlementContract } from './settlement.contract.js';
import { expectContract } from './testing/contract-traits.js';

describe('the contract settlement', () => {
  it('has its name, its functions, and access before each of them', async () => {
    await expectContract(new SettlementContract(), 'settlement', [
      'SettleBatch',
      'IssueCreditNote',
      'GetBill',
      'BillsByAccount',
      'BillsByStation',
      'BillsByOperator',
    ]);
  });
});
