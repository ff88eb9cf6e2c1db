import { writeFileSync } from 'node:fs';
import type { Clock } from '../clock.js';
import { readCredentials } from '../credentials.js';
import type { Output } from '../progress.js';
import { unmetExpectations } from './expectations.js';
import { performStep } from './perform-step.js';
import { readScenario, type Scenario } from './scenario.js';
import { type Harness, ScenarioWorld } from './scenario-world.js';

/** How long the product may take to come to the expected end. */
const PATIENCE_MS = 30_000;
const POLL_INTERVAL_MS = 500;

export interface ScenarioOptions {
  readonly file: string;
  readonly credentials: string;
  readonly seed: number;
  readonly json?: string;
  readonly patienceMs?: number;
  /** Present only in tests; some scenarios need it. */
  readonly harness?: Harness;
}

/** Plays a scenario and compares the end with what it expects. Exit code 0: everything is as expected. */
export async function runScenario(options: ScenarioOptions, output: Output, clock: Clock): Promise<number> {
  const scenario = readScenario(options.file);
  output.write(`${scenario.name}: ${scenario.description}\n`);
  const startedMs = clock.nowMs();
  const unmet = await play(scenario, options, clock);
  for (const line of unmet) output.write(`  ${line}\n`);
  output.write(unmet.length === 0 ? '  as expected\n' : `  ${unmet.length} expectations unmet\n`);
  const figures = {
    scenario: scenario.name,
    seed: options.seed,
    steps: scenario.steps.length,
    unmet,
    seconds: (clock.nowMs() - startedMs) / 1000,
  };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  return unmet.length === 0 ? 0 : 1;
}

async function play(scenario: Scenario, options: ScenarioOptions, clock: Clock): Promise<string[]> {
  const world = new ScenarioWorld(scenario, readCredentials(options.credentials), options.seed, clock, options.harness);
  const unmet: string[] = [];
  try {
    await world.register();
    for (const step of scenario.steps) unmet.push(...(await performStep(world, step)));
    unmet.push(...(await waitForTheEnd(scenario, world, options.patienceMs ?? PATIENCE_MS)));
  } finally {
    await world.close();
  }
  return unmet;
}

async function waitForTheEnd(scenario: Scenario, world: ScenarioWorld, patienceMs: number): Promise<string[]> {
  const { clock, observer } = world;
  const untilMs = clock.nowMs() + patienceMs;
  for (;;) {
    const unmet = unmetExpectations(scenario, world.transactionIds(), await observer.observe());
    if (unmet.length === 0 || clock.nowMs() > untilMs) return unmet;
    await clock.sleep(POLL_INTERVAL_MS);
  }
}
