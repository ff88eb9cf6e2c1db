import type { BillView, OperationInput, Principal } from '@tallywatt/contracts';
import type { RatingBatcher } from '../batching/rating-batcher.js';
import type { Clock } from '../clock.js';
import { LedgerError, type LedgerPort } from '../ledger/ledger.port.js';
import type { BillQueries, BillRow } from './bill-queries.js';
import { billView } from './bill-view.js';
import { contractProblem } from './ledger-problems.js';
import type { NetworkQueries } from './network-queries.js';
import { DRIVER, EVERYONE, type Operation, reads, writes } from './operation.js';
import { pageView } from './paging.js';
import { callerOf } from './principal-caller.js';
import { notFound, OperationRefusal } from './refusal.js';
import { billAnswer, compareBill } from './verify-bill.js';
import { visibilityOf } from './visibility.js';

/** Bills for their parties, and the ratings that their users give. */
export class BillOperations {
  readonly operations: readonly Operation[] = [
    reads('listBills', EVERYONE, (input, principal) => this.list(input, principal)),
    reads('getBill', EVERYONE, ({ billId }, principal) => this.get(billId, principal)),
    reads('verifyBill', EVERYONE, ({ billId }, principal) => this.verify(billId, principal)),
    writes('rate', DRIVER, (input, principal) => this.rate(input, principal)),
  ];

  constructor(
    private readonly bills: BillQueries,
    private readonly network: NetworkQueries,
    private readonly ledger: LedgerPort,
    private readonly ratings: RatingBatcher,
    private readonly clock: Clock,
  ) {}

  private async list(input: OperationInput<'listBills'>, principal: Principal): Promise<unknown> {
    const rows = await this.bills.bills(input, visibilityOf(principal), input);
    const currency = await this.network.currency();
    const keyOf = (bill: BillRow) => [new Date(bill.endMs).toISOString(), bill.billId];
    return pageView(rows, input.limit, keyOf, (bill) => billView(bill, currency, this.ledger.mode));
  }

  private async get(billId: string, principal: Principal): Promise<BillView> {
    return billView(await this.visible(billId, principal), await this.network.currency(), this.ledger.mode);
  }

  /** Re-reads the ledger as the principal itself: a mismatch is an answer, not a fault. */
  private async verify(billId: string, principal: Principal): Promise<unknown> {
    const shown = await this.visible(billId, principal);
    const fields = compareBill(shown, billAnswer.parse(await this.onLedger(billId, principal)));
    return {
      billId,
      match: fields.every((field) => field.match),
      fields,
      txId: shown.txId,
      blockNumber: shown.blockNumber,
      ledger: this.ledger.mode,
      checkedAt: new Date(this.clock.nowMs()).toISOString(),
    };
  }

  /** A bill that is shown and that the ledger does not know has no fields to compare. */
  private async onLedger(billId: string, principal: Principal): Promise<unknown> {
    try {
      return JSON.parse(await this.ledger.evaluate('GetBill', { billId }, callerOf(principal)));
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'NOT_FOUND') {
        const title = 'The ledger does not know this bill.';
        throw new OperationRefusal({ code: 'BILL_NOT_ON_LEDGER', status: 409, title });
      }
      throw error;
    }
  }

  private async rate({ billId, rating }: OperationInput<'rate'>, principal: Principal): Promise<unknown> {
    const bill = await this.visible(billId, principal);
    const rated = await this.ratings.rate(bill.userOperatorId, { settlementId: billId, evId: bill.evId, rating });
    const { verdict, code } = rated.verdict;
    if (verdict === 'rated' || verdict === 'duplicate') {
      return { billId, rating, txId: rated.txId, blockNumber: Number(rated.blockNumber) };
    }
    throw new OperationRefusal(contractProblem(code ?? 'INTERNAL'));
  }

  private async visible(billId: string, principal: Principal): Promise<BillRow> {
    const bill = await this.bills.bill(billId, visibilityOf(principal));
    if (bill === undefined) throw notFound();
    return bill;
  }
}
