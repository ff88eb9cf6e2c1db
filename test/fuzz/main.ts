import { randomInt } from 'node:crypto';
import { CommanderError } from 'commander';
import { parseOptions, type FuzzOptions } from './options.js';
import { publish } from './report.js';
import { runInProcess } from './run-in-process.js';
import { runOverSockets } from './run-over-sockets.js';

/** `npm run fuzz -- MODE`: exit code 0 = everything held. */
async function main(options: FuzzOptions): Promise<boolean> {
  process.stdout.write(`${options.mode}: seed ${options.seed}, ${options.frames} frames\n`);
  const report = await (options.mode === 'in-process' ? runInProcess(options) : runOverSockets(options));
  publish(report, options.json);
  return report.held;
}

function optionsOrExit(): FuzzOptions {
  try {
    return parseOptions(process.argv.slice(2), randomInt);
  } catch (error) {
    process.exit(error instanceof CommanderError ? error.exitCode : 1);
  }
}

// A socket that a cut resets while nobody waits for it would keep the loop alive: the end is explicit.
main(optionsOrExit()).then(
  (isHeld) => process.exit(isHeld ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);
