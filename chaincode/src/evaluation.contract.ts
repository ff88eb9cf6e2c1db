import { RATE_BATCH_EVENT } from '@tallywatt/contracts';
import { reportEndorsements } from './endorsements.js';
import { Returns, Transaction } from './fabric-runtime.js';
import { answer, LedgerContract } from './ledger-contract.js';
import { LedgerContext } from './ledger-context.js';
import { rateBatch } from './rate-batch.js';
import { emitVerdicts } from './settlement.contract.js';

/** Evaluation of stations by their users, and the endorsement experience that weighs it. */
export class EvaluationContract extends LedgerContract {
  constructor() {
    super('evaluation');
  }

  @Transaction()
  @Returns('string')
  async RateBatch(context: LedgerContext, args: string): Promise<string> {
    return answer('RateBatch', args, async (batch) => {
      const verdicts = await rateBatch(context, batch);
      emitVerdicts(context, RATE_BATCH_EVENT, verdicts);
      return verdicts;
    });
  }

  @Transaction()
  @Returns('string')
  async ReportEndorsements(context: LedgerContext, args: string): Promise<string> {
    return answer('ReportEndorsements', args, (report) => reportEndorsements(context, report));
  }
}
