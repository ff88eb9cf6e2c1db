#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from './clock.js';
import { CREDENTIALS_FILE_DEFAULT } from './credentials.js';
import { type DemoOptions, demo } from './demo/demo.js';
import { type FleetOptions, fleet } from './fleet/fleet.js';
import type { Output } from './progress.js';
import { type ReplayOptions, replay } from './replay/replay.js';
import { type ScenarioOptions, runScenario } from './scenario/run-scenario.js';

const DUNDEE_MAPPING = new URL('../mappings/dundee.json', import.meta.url).pathname;
const SEED_RANGE = 1_000_000_000;

const output: Output = {
  isTTY: process.stdout.isTTY === true,
  write: (text) => void process.stdout.write(text),
};

/** Options that every command takes. The seed is printed, so that a run can be repeated. */
function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--credentials <file>', 'written by npm start', CREDENTIALS_FILE_DEFAULT)
    .option('--seed <n>', 'repeats a run', integer, Math.floor(Math.random() * SEED_RANGE))
    .option('--json <file>', 'writes the figures, units in the names');
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number from 0');
  return value;
}

function probability(text: string): number {
  const value = Number(text);
  if (!/^[01]?\.?\d*$/.test(text) || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('a number from 0 to 1');
  return value;
}

/** Runs a command's work and ends the process with its exit code; a known fault is one clear line. */
function run<O extends { seed: number }>(work: (options: O) => Promise<number>): (options: O) => Promise<void> {
  return async (options) => {
    output.write(`seed ${options.seed}\n`);
    try {
      process.exitCode = await work(options);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  };
}

const program = new Command('sim').description('Virtual charge points');

program.addCommand(
  command('replay', 'plays a CSV of recorded sessions over real WebSockets and accounts for every row')
    .argument('<file>', 'the CSV')
    .option('--mapping <file>', 'how to read the file', DUNDEE_MAPPING)
    .option('--classes <file>', 'writes the class of every row as CSV')
    .option('--in-flight <n>', 'sessions in play at once', integer)
    .action((file: string, options: Omit<ReplayOptions, 'file'>) =>
      run<ReplayOptions>((all) => replay(all, output, systemClock))({ ...options, file }),
    ),
);

program.addCommand(
  command('scenario', 'plays a scenario file and compares the end with what it expects')
    .argument('<file>', 'one of scenarios/*.json, or your own')
    .action((file: string, options: Omit<ScenarioOptions, 'file'>) =>
      run<ScenarioOptions>((all) => runScenario(all, output, systemClock))({ ...options, file }),
    ),
);

program.addCommand(
  command('fleet', 'runs many piles in real time, with faults if wanted')
    .option('--piles <n>', 'piles', integer, 100)
    .option('--sessions <n>', 'sessions of each pile', integer, 1)
    .option('--session-seconds <n>', 'length of a session', integer, 10)
    .option('--faults <probability>', 'probability that a call suffers a fault', probability, 0)
    .action(run<FleetOptions>((options) => fleet(options, output, systemClock))),
);

program.addCommand(
  command(
    'demo',
    'runs the demo of npm start: live piles, drivers, ratings, and a week of recorded sessions at the first start',
  ).action(run<DemoOptions>((options) => demo(options, output, systemClock, endOfProcess()))),
);

/** Aborts on SIGINT and SIGTERM; npm delivers Ctrl-C twice. */
function endOfProcess(): AbortSignal {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => ending.abort());
  return ending.signal;
}

await program.parseAsync();
