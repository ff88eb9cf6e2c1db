import { createHash } from 'node:crypto';
import type { OperationInput, Principal } from '@tallywatt/contracts';
import type { LedgerWriter } from '../batching/ledger-writer.js';
import type { LedgerPort } from '../ledger/ledger.port.js';
import type { AccountQueries } from './account-queries.js';
import type { BillQueries } from './bill-queries.js';
import { billView } from './bill-view.js';
import { moneyView } from './money-view.js';
import type { MovementQueries, MovementRow } from './movement-queries.js';
import type { NetworkQueries } from './network-queries.js';
import { FINANCE, type Operation, writes } from './operation.js';
import { foldAndPayOut } from './pay-out.js';
import { callerOf } from './principal-caller.js';
import { forbiddenOrganisation, notFound, referenceUsed } from './refusal.js';
import type { StationQueries } from './station-queries.js';
import { visibilityOf } from './visibility.js';

/** What movements look at before and after. */
export interface MoneySources {
  readonly accounts: AccountQueries;
  readonly stations: StationQueries;
  readonly bills: BillQueries;
  readonly movements: MovementQueries;
  readonly network: NetworkQueries;
}

/**
 * Everything that moves money apart from settling. The external reference is the idempotency key: the same movement
 * again is answered with the first one's place on the ledger, whenever that was.
 */
export class MoneyOperations {
  readonly operations: readonly Operation[] = [
    writes('deposit', FINANCE, (input, principal) => this.ofAccount('deposit', input, principal)),
    writes('refund', FINANCE, (input, principal) => this.ofAccount('refund', input, principal)),
    writes('payOut', FINANCE, (input, principal) => this.payOut(input, principal)),
    writes('issueCreditNote', FINANCE, (input, principal) => this.issueCreditNote(input, principal)),
  ];

  constructor(
    private readonly sources: MoneySources,
    private readonly ledger: LedgerPort,
    private readonly writer: LedgerWriter,
  ) {}

  private async ofAccount(
    kind: 'deposit' | 'refund',
    input: OperationInput<'deposit'>,
    principal: Principal,
  ): Promise<unknown> {
    const { evId, amountMinor } = input;
    const account = await this.sources.accounts.account(evId, visibilityOf(principal));
    if (account === undefined) throw notFound();
    const write = () =>
      this.writer.write(kind === 'deposit' ? 'Deposit' : 'Refund', input, callerOf(principal), [evId]);
    return this.once({ kind, account: evId, amountMinor, reference: input.reference }, principal, write);
  }

  private async payOut(input: OperationInput<'payOut'>, principal: Principal): Promise<unknown> {
    const { stationId, amountMinor, reference } = input;
    const station = await this.sources.stations.station(stationId);
    if (station === undefined) throw notFound();
    // Stations are known to everybody, so that it is another operator's is no secret.
    if (station.operatorId !== principal.organisation) throw forbiddenOrganisation();
    const write = () => foldAndPayOut(this.sources.stations, this.writer, input, callerOf(principal));
    return this.once({ kind: 'payOut', account: stationId, amountMinor, reference }, principal, write);
  }

  private async once(asked: Movement, principal: Principal, write: () => Promise<unknown>): Promise<unknown> {
    const { kind, reference } = asked;
    const find = () => this.sources.movements.movement(kind, principal.organisation, reference);
    const before = await find();
    if (before !== undefined) return this.movementView(asked, before);
    await write();
    const after = await find();
    if (after === undefined) throw new Error(`${kind} ${reference} is confirmed but not projected`);
    return this.movementView(asked, after);
  }

  private async movementView(asked: Movement, done: MovementRow): Promise<object> {
    const same = done.account === asked.account && done.amountMinor === BigInt(asked.amountMinor);
    if (!same) throw referenceUsed();
    const currency = await this.network();
    return {
      kind: done.kind,
      reference: done.reference,
      [done.kind === 'payOut' ? 'stationId' : 'evId']: done.account,
      amount: moneyView(asked.amountMinor, currency),
      txId: done.txId,
      blockNumber: done.blockNumber,
      at: done.at.toISOString(),
    };
  }

  /** @returns the note as a bill: its id is the reference. */
  private async issueCreditNote(input: OperationInput<'issueCreditNote'>, principal: Principal): Promise<unknown> {
    const { billId, reference, reason } = input;
    const bill = await this.sources.bills.bill(billId, visibilityOf(principal));
    if (bill === undefined) throw notFound();
    if (bill.operatorId !== principal.organisation) throw forbiddenOrganisation();
    const before = await this.sources.movements.movement('creditNote', principal.organisation, reference);
    if (before === undefined) {
      const args = { settlementId: billId, evId: bill.evId, reference, reason };
      await this.writer.write('IssueCreditNote', args, callerOf(principal), [bill.evId]);
    } else if (before.billId !== billId || before.reasonHash !== reasonHash(reason)) {
      throw referenceUsed();
    }
    const note = await this.sources.bills.bill(reference, visibilityOf(principal));
    if (note === undefined) throw new Error(`credit note ${reference} is confirmed but not projected`);
    return billView(note, await this.network(), this.ledger.mode);
  }

  private network() {
    return this.sources.network.currency();
  }
}

interface Movement {
  readonly kind: 'deposit' | 'refund' | 'payOut';
  readonly account: string;
  readonly amountMinor: string;
  readonly reference: string;
}

/** As the contract stores it. */
function reasonHash(reason: string): string {
  return createHash('sha256').update(reason, 'utf8').digest('base64url');
}
