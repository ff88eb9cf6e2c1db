import { describe, it } from '@jest/globals';
import { GovernanceContract } from './governance.contract.js';
import { expectContract } from './testing/contract-traits.js';

describe('the contract governance', () => {
  it('has its name, its functions, and access before each of them', async () => {
    await expectContract(new GovernanceContract(), 'governance', [
      'RegisterOperator',
      'SetParameters',
      'Anchor',
      'GetParameters',
      'Supply',
    ]);
  });
});
