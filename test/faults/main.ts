import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { KILL_POINTS, type KillPoint } from './failpoints.js';
import { isKept, runFaults, type FaultOptions, type FaultResult } from './fault-run.js';
import { POSTGRES_QUEUE, redisQueue } from './faulty-queue.js';
import { KillOrders } from './kill-orders.js';
import { killAtPoints, obedience } from './kill-points.js';
import { killAtRandom, victimsOf } from './kill.js';
import { FaultyLine } from './proxy-faults.js';
import { alsoWiping, wipeQueue } from './queue-wipe.js';
import { VICTIMS, type VictimName } from '../support/product-processes.js';

interface Flags {
  readonly seed: string;
  readonly count: string;
  readonly json?: string;
  readonly redis?: boolean;
}
type Run<F extends Flags> = (options: FaultOptions, count: number, flags: F) => Promise<FaultResult>;

const SEEDS = 1_000_000;

/** The seed stands first and last: a run that failed replays from it. */
function reporting<F extends Flags>(name: string, run: Run<F>) {
  return async (flags: F): Promise<void> => {
    const line = (text: string): void => void process.stdout.write(`${text}\n`);
    const count = Number(flags.count);
    const queue = flags.redis === true ? await redisQueue() : POSTGRES_QUEUE;
    line(`${name}: seed ${flags.seed}, ${count} faults, queue on ${flags.redis === true ? 'Redis' : 'PostgreSQL'}`);
    try {
      const result = await run({ seed: Number(flags.seed), queue, line }, count, flags);
      say(result, line);
      if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result)}\n`);
      if (!isKept(result)) process.exitCode = 1;
    } finally {
      await queue.close();
    }
  };
}

function say(result: FaultResult, line: (text: string) => void): void {
  const { acknowledged, unpaid, lost, doubled, kills, wipes, seed, resends, callErrors } = result;
  for (const violation of result.violations) line(`broken: ${violation}`);
  for (const [point, hits] of Object.entries(result.hits)) line(`${point}: ${hits} hits`);
  for (const [victim, ms] of Object.entries(result.recoveryMsMax)) line(`${victim}: at work after ≤ ${ms} ms`);
  line(`${acknowledged} Stops acknowledged (${resends} resends, ${callErrors} CALLERRORs), ${unpaid} not covered`);
  line(`${kills} faults, ${wipes} times the queue wiped`);
  line(`${isKept(result) ? 'kept' : 'BROKEN'}: lost ${lost}, doubled ${doubled}, seed ${seed}`);
}

async function throughProxy(options: FaultOptions, count: number): Promise<FaultResult> {
  const faulty = new FaultyLine(options.seed, count);
  try {
    return await runFaults({ ...options, through: faulty.through }, (scene) => faulty.play(scene));
  } finally {
    await faulty.close();
  }
}

async function atPoints(options: FaultOptions, count: number, only: KillPoint | undefined): Promise<FaultResult> {
  const folder = mkdtempSync(join(tmpdir(), 'tallywatt-orders-'));
  const points = only === undefined ? KILL_POINTS : [only];
  try {
    const env = obedience(folder);
    return await runFaults({ ...options, env }, (scene) => killAtPoints(scene, new KillOrders(folder), points, count));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function command(name: string, text: string, count: number): Command {
  return new Command(name)
    .description(text)
    .option('--seed <n>', 'seed of all randomness', String(randomInt(SEEDS)))
    .option('--count <n>', 'how many faults', String(count))
    .option('--redis', 'queue on a Redis of its own instead of PostgreSQL')
    .option('--json <file>', 'where the result is written');
}

type KillFlags = Flags & { readonly only?: VictimName; readonly wipeEvery?: string };
const kill = command('kill', 'kill -9 of csms, settlement, PostgreSQL (and Redis) at random', 50)
  .addOption(new Option('--only <process>', 'always the same one').choices(VICTIMS))
  .option('--wipe-every <ms>', 'and the whole queue lost so often')
  .action(
    reporting<KillFlags>('kill', (options, count, { only, wipeEvery }) =>
      runFaults(options, (scene) => {
        const killing = killAtRandom(scene, count, only === undefined ? victimsOf(options.queue) : [only]);
        return wipeEvery === undefined ? killing : alsoWiping(scene, Number(wipeEvery), killing);
      }),
    ),
  );
const wipe = command('queue-wipe', 'the whole queue lost every few seconds', 30)
  .option('--every-ms <ms>', 'the time between two losses')
  .action(
    reporting<Flags & { readonly everyMs?: string }>('queue-wipe', (options, count, { everyMs }) =>
      runFaults(options, (scene) => wipeQueue(scene, count, everyMs === undefined ? undefined : Number(everyMs))),
    ),
  );
const proxy = command('proxy', 'cuts, lost answers, dribble, freeze and half-close between pile and csms', 50).action(
  reporting('proxy', throughProxy),
);
const killPoints = command('kill-points', 'kill -9 at each named failpoint (docs/decisions/009), so often each', 10)
  .addOption(new Option('--only <point>', 'always the same one').choices(KILL_POINTS))
  .action(
    reporting<Flags & { readonly only?: KillPoint }>('kill-points', (options, count, { only }) =>
      atPoints(options, count, only),
    ),
  );

await new Command('faults')
  .description('The product under load while something breaks; afterwards separate code checks the books.')
  .addCommand(kill)
  .addCommand(killPoints)
  .addCommand(wipe)
  .addCommand(proxy)
  .parseAsync();
