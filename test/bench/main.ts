import { CommanderError } from 'commander';
import { BenchProduct } from './bench-product.js';
import { benchOcpp } from './ocpp.bench.js';
import { parseOptions, type BenchName, type BenchOptions } from './options.js';
import { benchPiles } from './piles.bench.js';
import { publish, reportOf, type Measured } from './report.js';
import { benchSettle } from './settle.bench.js';
import { benchStop } from './stop.bench.js';

const RUN: Readonly<Record<BenchName, (running: BenchProduct, options: BenchOptions) => Promise<Measured>>> = {
  ocpp: benchOcpp,
  stop: benchStop,
  settle: benchSettle,
  piles: benchPiles,
};

/** `npm run bench -- NAME`: exit code 0 = measured, whatever the verdict; 1 = could not measure. */
async function main(options: BenchOptions): Promise<void> {
  const running = await BenchProduct.start();
  const interrupted = (): void => void running.end().finally(() => process.exit(1));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    publish(reportOf(await RUN[options.bench](running, options)), options.json);
  } finally {
    await running.end();
  }
}

function optionsOrExit(): BenchOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.exit(error instanceof CommanderError ? error.exitCode : 1);
  }
}

// A socket that a cut resets while nobody waits for it, would keep the loop alive: the end is explicit.
main(optionsOrExit()).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);
