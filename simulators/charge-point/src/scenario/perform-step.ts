import { z } from 'zod';
import { rawPayload } from './raw-payload.js';
import type { SimpleStep, Step } from './scenario.js';
import type { ScenarioWorld } from './scenario-world.js';

/** How long the product may take for what a step waits for. */
const PATIENCE_MS = 30_000;
const POLL_INTERVAL_MS = 200;
/** Until the newest block is known where drivers are let in. */
const STANDING_PATIENCE_MS = 5_000;

const commandView = z.object({ id: z.string(), state: z.string() });
const RUNNING_COMMAND = new Set(['queued', 'sent']);

/** Does one step. Returns what it found to be other than the step expects. */
export async function performStep(world: ScenarioWorld, step: Step): Promise<string[]> {
  if (step.do === 'atOnce') return (await Promise.all(step.steps.map((each) => perform(world, each)))).flat();
  return perform(world, step);
}

async function perform(world: ScenarioWorld, step: SimpleStep): Promise<string[]> {
  switch (step.do) {
    case 'freeze':
      await world.freeze(step.tag, step.frozen);
      return [];
    case 'changeTariff':
      return differs('the tariff change', await world.changeTariff(step.validFrom), step.expect);
    case 'settled':
      return settled(world, step.session, step.state);
    case 'later':
      await world.passDay();
      return [];
    case 'command':
      return differs(`${step.action} of ${step.pile}`, await command(world, step.pile, step.action), step.expect);
    default:
      return performOnPile(world, step);
  }
}

type PileStep = Exclude<SimpleStep, { do: 'freeze' | 'changeTariff' | 'settled' | 'later' | 'command' }>;

async function performOnPile(world: ScenarioWorld, step: PileStep): Promise<string[]> {
  const pile = world.pile(step.pile);
  switch (step.do) {
    case 'authorize':
      return authorize(world, step);
    case 'start': {
      await pile.start(step);
      const is = pile.session(step.session).authorization;
      return is === undefined || step.expect === 'any' ? [] : differs(`Start of ${step.session}`, is, step.expect);
    }
    case 'raw': {
      const names = {
        tag: (tag: string) => world.idTag(tag),
        moment: (moment: string) => world.moment(moment),
        transactionId: (session: string) => world.transactionIds().get(session) ?? -1,
      };
      return differs(`raw ${step.action}`, await pile.raw(step, rawPayload(step.payload, names)), step.expect);
    }
    case 'fault':
      pile.faults.arm(step.action, step.fault);
      return [];
    case 'boot':
      await pile.boot();
      return [];
    case 'meterValues':
      await pile.meterValues(step);
      return [];
    case 'stop':
      await pile.stop(step);
      return [];
    case 'status':
      await pile.status(step);
      return [];
    case 'offline':
      await pile.goOffline();
      return [];
    case 'online':
      await pile.goOnline();
      return [];
    case 'reconnect':
      await pile.reconnect();
      return [];
    case 'reboot':
      await pile.reboot();
      return [];
    case 'takeOver':
      await pile.takeOver();
      return [];
  }
}

async function authorize(world: ScenarioWorld, step: Extract<SimpleStep, { do: 'authorize' }>): Promise<string[]> {
  const untilMs = world.clock.nowMs() + STANDING_PATIENCE_MS;
  for (;;) {
    const is = await world.pile(step.pile).authorize(world.idTag(step.tag));
    if (is === step.expect || world.clock.nowMs() > untilMs)
      return differs(`Authorize of ${step.tag}`, is, step.expect);
    await world.clock.sleep(POLL_INTERVAL_MS);
  }
}

async function settled(world: ScenarioWorld, session: string, state: string): Promise<string[]> {
  const untilMs = world.clock.nowMs() + PATIENCE_MS;
  for (;;) {
    const transactionId = world.transactionIds().get(session);
    const found = (await world.observer.sessions()).find((each) => each.transactionId === transactionId);
    const is = found?.settlement?.state ?? 'not settled';
    if (is === state || world.clock.nowMs() > untilMs) return differs(`at that time ${session}`, is, state);
    await world.clock.sleep(POLL_INTERVAL_MS);
  }
}

/** State in which the command ends. */
async function command(world: ScenarioWorld, pile: string, action: string): Promise<string> {
  const api = world.registry.api('operator', world.pileOperator(pile));
  let view = commandView.parse(
    await api.post(`/v1/charge-points/${world.pileId(pile)}/commands`, { action, payload: {} }),
  );
  while (RUNNING_COMMAND.has(view.state)) {
    await world.clock.sleep(POLL_INTERVAL_MS);
    view = commandView.parse(await api.get(`/v1/commands/${view.id}`));
  }
  return view.state;
}

function differs(what: string, is: string, wanted: string): string[] {
  return is === wanted ? [] : [`${what} is ${is} instead of ${wanted}`];
}
