import { describe, it } from '@jest/globals';
import { EvaluationContract } from './evaluation.contract.js';
import { expectContract } from './testing/contract-traits.js';

describe('the contract evaluation', () => {
  it('has its name, its functions, and access before each of them', async () => {
    await expectContract(new EvaluationContract(), 'evaluation', ['RateBatch', 'ReportEndorsements']);
  });
});
