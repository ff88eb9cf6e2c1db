import { describe, it } from '@jest/globals';
import { StationsContract } from './stations.contract.js';
import { expectContract } from './testing/contract-traits.js';

describe('the contract stations', () => {
  it('has its name, its functions, and access before each of them', async () => {
    await expectContract(new StationsContract(), 'stations', [
      'RegisterStation',
      'PublishTariff',
      'FoldAccount',
      'PayOut',
      'GetStation',
    ]);
  });
});
