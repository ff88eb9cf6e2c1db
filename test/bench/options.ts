import { Command, InvalidArgumentError, Option } from 'commander';

export const BENCHES = ['ocpp', 'stop', 'settle', 'piles'] as const;
export type BenchName = (typeof BENCHES)[number];

/** One round's length: longer loads belong to soak tests. */
export const SECONDS_MAX = 60;
/** One process serves 10,000 piles; generator and server need a file descriptor for each. */
export const PILES_MAX = 10_000;
export const ROUNDS_MAX = 10;
/** Prepared settlements: about a minute at the goal's rate. */
export const COUNT_MAX = 60_000;

export interface BenchOptions {
  readonly bench: BenchName;
  readonly seconds: number;
  readonly rounds: number;
  readonly piles: number;
  readonly count: number;
  readonly message: 'heartbeat' | 'data-transfer';
  readonly json: string | undefined;
}

/** Piles of each bench: a closed loop needs some, a fleet is 10,000. */
const PILES: Readonly<Record<BenchName, number>> = { ocpp: 100, stop: 256, settle: 1, piles: PILES_MAX };

function whole(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > max) throw new InvalidArgumentError(`1 to ${max}`);
    return value;
  };
}

function benchName(text: string): BenchName {
  const found = BENCHES.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(BENCHES.join(', '));
  return found;
}

/** @throws CommanderError when an argument is none. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const command = new Command('bench')
    .description('measures the product beside its limit in the same run')
    .argument('<bench>', BENCHES.join(' | '), benchName)
    .option('--seconds <n>', 'length of a round', whole(SECONDS_MAX), 3)
    .option('--rounds <n>', 'rounds of each side, in turn; the fastest counts', whole(ROUNDS_MAX), 3)
    .option('--piles <n>', 'piles (ocpp 100, stop 256, piles 10000)', whole(PILES_MAX))
    .option('--count <n>', 'settle: prepared settlements', whole(COUNT_MAX), 5_000)
    .addOption(
      new Option('--message <name>', 'ocpp: what is sent').choices(['heartbeat', 'data-transfer']).default('heartbeat'),
    )
    .option('--json <file>', 'write the report there as well')
    .exitOverride()
    .parse(argv, { from: 'user' });
  const options = command.opts<Omit<BenchOptions, 'bench' | 'piles'> & { piles?: number }>();
  const [bench] = command.processedArgs as [BenchName];
  return { ...options, bench, piles: options.piles ?? PILES[bench], json: options.json };
}
