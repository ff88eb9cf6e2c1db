import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { isKept, runFaults, type FaultOptions, type FaultResult } from './fault-run.js';
import { killAtRandom } from './kill.js';
import { FaultyLine } from './proxy-faults.js';
import { truncateQueueSchema, wipeQueue } from './queue-wipe.js';
import { VICTIMS, type VictimName } from '../support/product-processes.js';
import { OwnRedis } from '../support/redis.js';

interface Flags {
  readonly seed: string;
  readonly count: string;
  readonly json?: string;
  readonly redis?: boolean;
  readonly only?: VictimName;
}

const SEEDS = 1_000_000;

function optionsOf(flags: Flags): FaultOptions {
  const line = (text: string): void => void process.stdout.write(`${text}\n`);
  return { seed: Number(flags.seed), count: Number(flags.count), line };
}

/** The seed stands first and last: a run that failed replays from it. */
async function report(name: string, flags: Flags, run: (options: FaultOptions) => Promise<FaultResult>): Promise<void> {
  const options = optionsOf(flags);
  options.line(`${name}: seed ${options.seed}, ${options.count} faults`);
  const result = await run(options);
  for (const violation of result.violations) options.line(`broken: ${violation}`);
  for (const [victim, ms] of Object.entries(result.recoveryMsMax)) options.line(`${victim}: at work after ≤ ${ms} ms`);
  const { acknowledged, lost, doubled, kills, seed, resends, callErrors } = result;
  options.line(`${acknowledged} Stops acknowledged (${resends} resends, ${callErrors} CALLERRORs), ${kills} faults`);
  options.line(`${isKept(result) ? 'kept' : 'BROKEN'}: lost ${lost}, doubled ${doubled}, seed ${seed}`);
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result)}\n`);
  if (!isKept(result)) process.exitCode = 1;
}

async function withRedis(options: FaultOptions): Promise<FaultResult> {
  const redis = await OwnRedis.start();
  try {
    const faults = { ...options, redisUrl: redis.url };
    return await runFaults(faults, (scene) => wipeQueue(scene, options.count, () => redis.flush()));
  } finally {
    await redis.kill();
  }
}

async function throughProxy(options: FaultOptions): Promise<FaultResult> {
  const faulty = new FaultyLine(options.seed, options.count);
  try {
    return await runFaults({ ...options, through: faulty.through }, (scene) => faulty.play(scene));
  } finally {
    await faulty.close();
  }
}

function command(name: string, text: string, count: number): Command {
  return new Command(name)
    .description(text)
    .option('--seed <n>', 'seed of all randomness', String(randomInt(SEEDS)))
    .option('--count <n>', 'how many faults', String(count))
    .option('--json <file>', 'where the result is written');
}

const kill = command('kill', 'kill -9 of csms, settlement and PostgreSQL at random', 50)
  .addOption(new Option('--only <process>', 'always the same one').choices(VICTIMS))
  .action((flags: Flags) =>
    report('kill', flags, (options) =>
      runFaults(options, (scene) =>
        killAtRandom(scene, options.count, flags.only === undefined ? VICTIMS : [flags.only]),
      ),
    ),
  );
const wipe = command('queue-wipe', 'the whole queue lost every few seconds', 30)
  .option('--redis', 'on a Redis of its own instead of PostgreSQL')
  .action((flags: Flags) =>
    report('queue-wipe', flags, (options) =>
      flags.redis === true
        ? withRedis(options)
        : runFaults(options, (scene) => wipeQueue(scene, options.count, truncateQueueSchema)),
    ),
  );
const proxy = command('proxy', 'cuts, lost answers, dribble, freeze and half-close between pile and csms', 50).action(
  (flags: Flags) => report('proxy', flags, throughProxy),
);

await new Command('faults')
  .description('The product under load while something breaks; afterwards separate code checks the books.')
  .addCommand(kill)
  .addCommand(wipe)
  .addCommand(proxy)
  .parseAsync();
