import { accountRecord, foldedBalanceRecord, stationCreditRecord } from '@tallywatt/contracts';
import type { ReplayedState } from './replayed-state.js';
import type { WrittenRecords } from './written-records.js';

/** Sums that must agree at every block, kept from entries on one side and from balances on the other. */
export class MoneyBook {
  evBalancesMinor = 0n;
  stationBalancesMinor = 0n;
  depositsMinor = 0n;
  payOutsMinor = 0n;
  refundsMinor = 0n;
  /** Entries since the beginning, per account: bills, notes and movements. */
  readonly evEntries = new Map<string, bigint>();
  readonly stationEntries = new Map<string, bigint>();
  /** Balances as the records say, per account. */
  readonly stationBalances = new Map<string, bigint>();

  /** Σ EV balances + Σ station balances = Σ deposits − Σ pay-outs − Σ refunds (rules.md). */
  get isConserved(): boolean {
    return (
      this.evBalancesMinor + this.stationBalancesMinor === this.depositsMinor - this.payOutsMinor - this.refundsMinor
    );
  }

  /** Call before the writes are replayed: what they replace is read from the state. */
  enter(written: WrittenRecords, state: ReplayedState): void {
    this.enterBalances(written, state);
    for (const bill of written.bills) {
      add(this.evEntries, bill.evId, -bill.totalMinor);
      add(this.stationEntries, bill.stationId, bill.totalMinor);
    }
    for (const { kind, account, amountMinor } of written.movements) {
      if (kind === 'deposit') this.depositsMinor += amountMinor;
      else if (kind === 'refund') this.refundsMinor += amountMinor;
      else this.payOutsMinor += amountMinor;
      if (kind === 'payOut') add(this.stationEntries, account, -amountMinor);
      else add(this.evEntries, account, kind === 'deposit' ? amountMinor : -amountMinor);
    }
  }

  private enterBalances(written: WrittenRecords, state: ReplayedState): void {
    for (const account of written.accounts) {
      const before = state.record(accountRecord, accountRecord.keyOf(account))?.balanceMinor ?? 0n;
      this.evBalancesMinor += account.balanceMinor - before;
    }
    for (const credit of written.credits) this.addToStation(credit.stationId, credit.amountMinor);
    for (const key of written.deletedKeys) {
      const credit = state.record(stationCreditRecord, key);
      if (credit !== undefined) this.addToStation(credit.stationId, -credit.amountMinor);
    }
    for (const folded of written.folded) {
      const before = state.record(foldedBalanceRecord, foldedBalanceRecord.keyOf(folded))?.balanceMinor ?? 0n;
      this.addToStation(folded.stationId, folded.balanceMinor - before);
    }
  }

  private addToStation(stationId: string, amountMinor: bigint): void {
    this.stationBalancesMinor += amountMinor;
    add(this.stationBalances, stationId, amountMinor);
  }
}

function add(sums: Map<string, bigint>, account: string, amountMinor: bigint): void {
  sums.set(account, (sums.get(account) ?? 0n) + amountMinor);
}
