import { SETTLE_BATCH_EVENT, type ItemVerdict } from '@tallywatt/contracts';
import { billsByAccount, billsByOperator, billsByStation, getBill } from './bills.js';
import { issueCreditNote } from './credit-note.js';
import { Returns, Transaction } from './fabric-runtime.js';
import { answer, LedgerContract } from './ledger-contract.js';
import { LedgerContext } from './ledger-context.js';
import { settleBatch } from './settle-batch.js';

/** Bills: settled in batches, corrected by credit notes, read by their parties. */
export class SettlementContract extends LedgerContract {
  constructor() {
    super('settlement');
  }

  @Transaction()
  @Returns('string')
  async SettleBatch(context: LedgerContext, args: string): Promise<string> {
    return answer('SettleBatch', args, async (batch) => {
      const verdicts = await settleBatch(context, batch);
      emitVerdicts(context, SETTLE_BATCH_EVENT, verdicts);
      return verdicts;
    });
  }

  @Transaction()
  @Returns('string')
  async IssueCreditNote(context: LedgerContext, args: string): Promise<string> {
    return answer('IssueCreditNote', args, (note) => issueCreditNote(context, note));
  }

  @Transaction(false)
  @Returns('string')
  async GetBill(context: LedgerContext, args: string): Promise<string> {
    return answer('GetBill', args, ({ billId }) => getBill(context, billId));
  }

  @Transaction(false)
  @Returns('string')
  async BillsByAccount(context: LedgerContext, args: string): Promise<string> {
    return answer('BillsByAccount', args, (query) => billsByAccount(context, query));
  }

  @Transaction(false)
  @Returns('string')
  async BillsByStation(context: LedgerContext, args: string): Promise<string> {
    return answer('BillsByStation', args, (query) => billsByStation(context, query.stationId, query));
  }

  @Transaction(false)
  @Returns('string')
  async BillsByOperator(context: LedgerContext, args: string): Promise<string> {
    return answer('BillsByOperator', args, (query) => billsByOperator(context, query.operatorId, query));
  }
}

/** One event per batch: ids and verdicts, nothing about a person. */
export function emitVerdicts(context: LedgerContext, name: string, verdicts: readonly ItemVerdict[]): void {
  context.ledger.setEvent(name, Buffer.from(JSON.stringify(verdicts), 'utf8'));
}
