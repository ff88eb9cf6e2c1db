import type { LedgerQuery } from './ledger-queries.js';
import type { LedgerFunction } from './ledger-transactions.js';

/** Which of the chaincode's contracts has a function: on Fabric both names make the call, `settlement:SettleBatch`. */
const CONTRACT_OF: Readonly<Record<LedgerFunction | LedgerQuery, string>> = {
  SettleBatch: 'settlement',
  IssueCreditNote: 'settlement',
  GetBill: 'settlement',
  BillsByAccount: 'settlement',
  BillsByStation: 'settlement',
  BillsByOperator: 'settlement',
  OpenAccount: 'accounts',
  FreezeAccount: 'accounts',
  Deposit: 'accounts',
  Refund: 'accounts',
  GetAccount: 'accounts',
  RegisterStation: 'stations',
  PublishTariff: 'stations',
  FoldAccount: 'stations',
  PayOut: 'stations',
  GetStation: 'stations',
  RateBatch: 'evaluation',
  ReportEndorsements: 'evaluation',
  RegisterOperator: 'governance',
  SetParameters: 'governance',
  Anchor: 'governance',
  GetParameters: 'governance',
  Supply: 'governance',
};

/** `settlement:SettleBatch`; undefined for a name that the chaincode does not expose. */
export function qualifiedFunction(fn: string): string | undefined {
  const found = Object.entries(CONTRACT_OF).find(([name]) => name === fn);
  return found === undefined ? undefined : `${found[1]}:${fn}`;
}

/** Every name that a client may call, sorted. */
export function qualifiedFunctions(): string[] {
  return Object.entries(CONTRACT_OF)
    .map(([fn, contract]) => `${contract}:${fn}`)
    .sort();
}
