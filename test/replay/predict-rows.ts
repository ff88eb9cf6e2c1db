import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { parseCsv } from './csv.js';
import { readDundee } from './dundee.js';
import { differences, predict } from './predict.js';

/** Differing rows that are printed; the rest is counted. */
const PRINTED_MAX = 50;

/** `predict-rows FILE [--classes OUT] [--compare ACTUAL]`: exit code 1 when the replay's classes differ. */
const program = new Command('predict-rows')
  .argument('<file>', 'the CSV that was replayed')
  .option('--classes <file>', 'writes the prediction as session_id,class')
  .option('--compare <file>', 'classes that `npm run sim -- replay … --classes FILE` wrote')
  .parse();

const options = program.opts<{ classes?: string; compare?: string }>();
const predicted = predict(readDundee(readFileSync(program.args[0] ?? '', 'utf8')));

const counts = new Map<string, number>();
for (const rowClass of predicted.values()) counts.set(rowClass, (counts.get(rowClass) ?? 0) + 1);
for (const [rowClass, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(8)}  ${rowClass}`);

if (options.classes !== undefined) {
  const lines = [...predicted].map(([id, rowClass]) => `${id},${rowClass}`);
  writeFileSync(options.classes, `session_id,class\n${lines.join('\n')}\n`);
}
if (options.compare !== undefined) {
  const rows = parseCsv(readFileSync(options.compare, 'utf8'));
  const differing = differences(predicted, new Map(rows.map((row) => [row['session_id'] ?? '', row['class'] ?? ''])));
  for (const line of differing.slice(0, PRINTED_MAX)) console.log(line);
  console.log(`${differing.length} of ${predicted.size} rows differ`);
  process.exitCode = differing.length === 0 ? 0 : 1;
}
