import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { LedgerStore } from '../ledger-store.js';
import { verifyLedger } from './verify-ledger.js';
import type { VerifyReport } from './verify-report.js';

export interface CommandOutput {
  /** One line of the result. */
  line(text: string): void;
  /** A passing state; overwritten by the next. */
  progress(text: string): void;
}

export class UsageError extends Error {}

/** `verify [--json FILE]`. @throws UsageError. */
export function parseCommand(args: readonly string[]): { readonly json: string | undefined } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'string' } },
    });
    if (positionals.length !== 1 || positionals[0] !== 'verify') throw new TypeError('the one command is: verify');
    return { json: values.json };
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)}\nusage: npm run ledger -- verify [--json FILE]`,
    );
  }
}

/** Verifies, shows progress, names every break. @returns the exit code: 0 only when nothing is wrong. */
export async function verifyCommand(
  store: LedgerStore,
  options: { readonly json: string | undefined },
  nowMs: () => number,
  output: CommandOutput,
): Promise<number> {
  const report = await verifyLedger(store, {
    nowMs,
    progress: (step, done, total) => output.progress(`${step}: ${done} of ${total}`),
  });
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  for (const line of summary(report)) output.line(line);
  return report.breaksFound === 0 ? 0 : 1;
}

function summary(report: VerifyReport): string[] {
  return [
    'development ledger, no consensus',
    `${report.blocks} blocks, ${report.transactions} transactions (${report.validTransactions} valid), ${report.stateKeys} state keys`,
    `${report.bills} bills and ${report.creditNotes} credit notes recomputed, ${report.accounts} accounts and ${report.stations} stations add up`,
    `balances ${report.evBalancesMinor} + ${report.stationBalancesMinor} = deposits ${report.depositsMinor} − pay-outs ${report.payOutsMinor} − refunds ${report.refundsMinor}`,
    ...report.breaks.map(
      (found) =>
        `BREAK ${found.kind} block ${found.blockNumber ?? '-'} tx ${found.txId ?? '-'} key ${found.key ?? '-'}: ${found.detail}`,
    ),
    report.breaksFound === 0
      ? `the chain verifies (${report.seconds.toFixed(1)} s)`
      : `${report.breaksFound} breaks (${report.seconds.toFixed(1)} s)`,
  ];
}
