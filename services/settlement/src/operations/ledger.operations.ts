import type { LedgerStatusView, Principal, SupplyAnswer } from '@tallywatt/contracts';
import { z } from 'zod';
import type { LedgerBlock, LedgerBlockTransaction, LedgerPort } from '../ledger/ledger.port.js';
import type { LedgerStatusQueries, ProjectionStatus } from './ledger-status-queries.js';
import { type Currency, moneyView } from './money-view.js';
import type { NetworkQueries } from './network-queries.js';
import { EVERYONE, type Operation, reads, STAFF } from './operation.js';
import { callerOf, isSupervision } from './principal-caller.js';
import { readBlock } from './read-block.js';
import { notFound } from './refusal.js';
import type { SettlementQueries } from './settlement-queries.js';
import { visibilityOf } from './visibility.js';

/** product.md: an embedded ledger says so on every page and export. */
const DEVELOPMENT_NOTICE = 'development ledger, no consensus';

const supplyAnswer = z.object({
  evBalancesMinor: z.string(),
  stationBalancesMinor: z.string(),
  depositsMinor: z.string(),
  payOutsMinor: z.string(),
  refundsMinor: z.string(),
  conserved: z.boolean(),
}) satisfies z.ZodType<SupplyAnswer>;

/** The ledger as it is: status, blocks, transactions, conservation sums. */
export class LedgerOperations {
  readonly operations: readonly Operation[] = [
    reads('ledgerStatus', EVERYONE, (_input, principal) => this.status(principal)),
    reads('getBlock', STAFF, ({ number }, principal) => this.block(BigInt(number), principal)),
    reads('getLedgerTransaction', STAFF, ({ txId }, principal) => this.transaction(txId, principal)),
    reads('supply', STAFF, (_input, principal) => this.supply(principal)),
  ];

  constructor(
    private readonly ledger: LedgerPort,
    private readonly projection: LedgerStatusQueries,
    private readonly settlements: SettlementQueries,
    private readonly network: NetworkQueries,
  ) {}

  private async status(principal: Principal): Promise<LedgerStatusView> {
    const status = await this.projection.status();
    const height = await this.ledger.height();
    return {
      mode: this.ledger.mode,
      notice: this.notice,
      height: Number(height),
      lastBlockAt: status.lastBlockAt?.toISOString() ?? null,
      projectedBlock: status.projectedBlock,
      supply: supplyView(status, await this.network.currency()),
      settlements: await this.settlements.countByState(visibilityOf(principal)),
    };
  }

  /** Scans the whole state of the ledger: the audit behind the running sums. */
  private async supply(principal: Principal): Promise<unknown> {
    const answer = supplyAnswer.parse(JSON.parse(await this.ledger.evaluate('Supply', {}, callerOf(principal))));
    const audited = sumsOf(answer);
    const status = await this.projection.status();
    return {
      mode: this.ledger.mode,
      notice: this.notice,
      ...supplyView(audited, await this.network.currency()),
      conserved: answer.conserved && isConserved(audited),
      projectedBlock: status.projectedBlock,
    };
  }

  private async block(number: bigint, principal: Principal): Promise<unknown> {
    const block = await readBlock(this.ledger, number);
    if (block === undefined) throw notFound();
    const transactions = block.transactions.map((transaction) => transactionView(transaction, principal));
    return { ...this.headerView(block), transactions };
  }

  private async transaction(txId: string, principal: Principal): Promise<unknown> {
    const place = await this.ledger.commitStatus(txId, 0);
    const block = place === undefined ? undefined : await readBlock(this.ledger, place.blockNumber);
    const transaction = block?.transactions.find((candidate) => candidate.txId === txId);
    if (block === undefined || transaction === undefined) throw notFound();
    return { ...transactionView(transaction, principal), block: this.headerView(block) };
  }

  private get notice(): string | null {
    return this.ledger.mode === 'embedded' ? DEVELOPMENT_NOTICE : null;
  }

  private headerView({ number, previousHash, hash, committedAtMs }: LedgerBlock): object {
    const committedAt = new Date(committedAtMs).toISOString();
    return { number: Number(number), previousHash, hash, committedAt, ledger: this.ledger.mode, notice: this.notice };
  }
}

/** Everybody in the consortium sees that a transaction is there; what it says, its organisation and supervision. */
function transactionView(transaction: LedgerBlockTransaction, principal: Principal): object {
  const { txId, code, fn, creator, timestampMs, endorsers } = transaction;
  const readable = isSupervision(principal) || creator.mspId === principal.organisation;
  return {
    txId,
    code,
    fn,
    mspId: creator.mspId,
    role: creator.role,
    timestamp: new Date(timestampMs).toISOString(),
    endorsers,
    args: readable ? parseJson(transaction.args) : null,
    event: readable && transaction.event !== null ? eventView(transaction.event) : null,
  };
}

function eventView({ name, payload }: NonNullable<LedgerBlockTransaction['event']>): object {
  return { name, payload: parseJson(Buffer.from(payload).toString('utf8')) };
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

type Sums = Omit<ProjectionStatus, 'projectedBlock' | 'lastBlockAt'>;

function sumsOf(answer: SupplyAnswer): Sums {
  return {
    evBalancesMinor: BigInt(answer.evBalancesMinor),
    stationBalancesMinor: BigInt(answer.stationBalancesMinor),
    depositsMinor: BigInt(answer.depositsMinor),
    payOutsMinor: BigInt(answer.payOutsMinor),
    refundsMinor: BigInt(answer.refundsMinor),
  };
}

function supplyView(sums: Sums, currency: Currency): LedgerStatusView['supply'] {
  return {
    evBalances: moneyView(sums.evBalancesMinor, currency),
    stationBalances: moneyView(sums.stationBalancesMinor, currency),
    deposits: moneyView(sums.depositsMinor, currency),
    payOuts: moneyView(sums.payOutsMinor, currency),
    refunds: moneyView(sums.refundsMinor, currency),
    conserved: isConserved(sums),
  };
}

/** rules.md "Conservation". */
function isConserved(sums: Sums): boolean {
  return (
    sums.evBalancesMinor + sums.stationBalancesMinor === sums.depositsMinor - sums.payOutsMinor - sums.refundsMinor
  );
}
