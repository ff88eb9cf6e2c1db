import { Command, InvalidArgumentError, Option } from 'commander';

export const MODES = ['in-process', 'sockets'] as const;
/** reliability.md B10 asks for ten million. */
export const FRAMES_MAX = 10_000_000;
/** Below this the tenth part warms nothing up, and hardly an honest session ends. */
export const FRAMES_MIN = 500;
const SEEDS = 1_000_000;

export interface FuzzOptions {
  readonly mode: (typeof MODES)[number];
  readonly frames: number;
  readonly seed: number;
  readonly json: string | undefined;
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) throw new InvalidArgumentError(`${min} to ${max}`);
    return value;
  };
}

/** @throws CommanderError when an argument is none. */
export function parseOptions(argv: readonly string[], drawSeed: (below: number) => number): FuzzOptions {
  const command = new Command('fuzz')
    .description('Seeded garbage among honest sessions; separate code judges answers, bills, heap and life.')
    .argument('<mode>', MODES.join(' | '), (text) => {
      const found = MODES.find((mode) => mode === text);
      if (found === undefined) throw new InvalidArgumentError(MODES.join(', '));
      return found;
    })
    .option('--frames <n>', 'how many', whole(FRAMES_MIN, FRAMES_MAX), 20_000)
    .addOption(new Option('--seed <n>', 'of all randomness').argParser(whole(0, 2 ** 31)))
    .option('--json <file>', 'where the report is written as well')
    .exitOverride()
    .parse(argv, { from: 'user' });
  const flags = command.opts<{ frames: number; seed?: number; json?: string }>();
  const [mode] = command.processedArgs as [FuzzOptions['mode']];
  return { mode, frames: flags.frames, seed: flags.seed ?? drawSeed(SEEDS), json: flags.json };
}
