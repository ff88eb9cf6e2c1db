import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Product } from '../support/product.js';
import { chartOf } from './chart.js';
import { csvOf } from './csv.js';
import { runFigure } from './run-figure.js';
import { FIGURES } from './scenarios.js';
import { printed, type Statement } from './statement.js';
import { statementsOf } from './statements.js';
import { settleTable2, statementsOfTable2, type SettledRow } from './table-2.js';

/** The paper's number of repetitions is not given; the independent count used these. */
const SEEDS = 20;

interface PaperOptions {
  readonly seeds: number;
  readonly out: string;
  readonly json?: string;
  readonly table: boolean;
}

function positiveInteger(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError('1 to 9999');
  return Number(text);
}

/** `npm run paper`: exit code 1 when a statement is broken. */
const options = new Command('paper')
  .description('table 2 and figures 6, 7 and 8 of the paper, from the running system and its contract')
  .option('--seeds <n>', 'seeds 1 … n of the figures', positiveInteger, SEEDS)
  .option('--out <folder>', 'pictures and CSV', '.paper')
  .option('--json <file>', 'writes the statements with what was measured')
  .option('--no-table', 'figures only: starts no product')
  .parse()
  .opts<PaperOptions>();

mkdirSync(options.out, { recursive: true });
const startedMs = performance.now();
const statements = [...(options.table ? await table() : []), ...(await figures())];
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(statements, null, 2)}\n`);
const broken = statements.filter(({ met }) => !met).length;
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(
  `${statements.length - broken} kept, ${broken} broken, in ${seconds} s; pictures and CSV in ${options.out}/`,
);
process.exitCode = broken === 0 ? 0 : 1;

async function table(): Promise<Statement[]> {
  const product = await Product.create();
  try {
    await product.start('--no-sim');
    const rows = await settleTable2(product);
    writeFileSync(join(options.out, 'table-2.csv'), tableCsv(rows));
    return report(statementsOfTable2(rows));
  } finally {
    await product.destroy();
  }
}

function tableCsv(rows: readonly SettledRow[]): string {
  const lines = rows.map(({ operatorId, electricityPriceE4, servicePriceE4, bill, balanceChangeMinor }) =>
    [operatorId, electricityPriceE4, servicePriceE4, bill.energyWh, bill.total.minor, balanceChangeMinor].join(','),
  );
  return `operator,electricity_price_e4,service_price_e4,energy_wh,bill_fen,balance_change_fen\n${lines.join('\n')}\n`;
}

async function figures(): Promise<Statement[]> {
  const all: Statement[] = [];
  for (const figure of FIGURES) {
    const curves = await runFigure(figure, options.seeds);
    writeFileSync(join(options.out, `figure-${figure.number}.svg`), chartOf(figure, curves));
    writeFileSync(join(options.out, `figure-${figure.number}.csv`), csvOf(curves));
    all.push(...report(statementsOf(figure.number, curves)));
  }
  return all;
}

function report(statements: Statement[]): Statement[] {
  for (const statement of statements) console.log(printed(statement));
  return statements;
}
