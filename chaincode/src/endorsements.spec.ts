import { describe, expect, it } from '@jest/globals';
import {
  ledgerUpdatesRecord,
  nodeEndorsementsRecord,
  stateKey,
  type ReportEndorsementsArgs,
} from '@tallywatt/contracts';
import { by, LedgerWorld, NOW_MS, PARAMETERS, SUPERVISOR } from './testing/ledger-world.js';

const OPERATORS = ['PTNE', 'SG', 'STAR', 'TELD'];

async function openWorld(): Promise<LedgerWorld> {
  const world = await LedgerWorld.open();
  for (const operatorId of ['PTNE', 'SG'])
    await world.submit('RegisterOperator', { operatorId, name: operatorId }, SUPERVISOR);
  return world;
}

function report(range = 0, change: Partial<ReportEndorsementsArgs> = {}): ReportEndorsementsArgs {
  const fromBlock = range * 10;
  const tally = [
    { peerNode: 'node-1', endorsements: 7 },
    { peerNode: 'node-2', endorsements: 12 },
  ];
  return { fromBlock, toBlock: fromBlock + 9, ledgerUpdates: 12, tally, ...change };
}

const send = (world: LedgerWorld, operatorId: string, args: ReportEndorsementsArgs): Promise<unknown> =>
  world.submit('ReportEndorsements', args, by(operatorId, 'settler'));

async function eventOf(
  world: LedgerWorld,
  operatorId: string,
  args: ReportEndorsementsArgs,
): Promise<string | undefined> {
  return (await world.ledger.simulate('ReportEndorsements', args, by(operatorId, 'settler'), NOW_MS)).event?.name;
}

async function counted(world: LedgerWorld): Promise<{ l: number; L: number; next: number }> {
  const [nodeKey, totalKey] = [stateKey('N', 'node-1'), stateKey('L')];
  const found = await world.ledger.getMany([nodeKey, totalKey]);
  const text = (key: string): string | undefined => {
    const value = found.get(key)?.value;
    return value === undefined ? undefined : Buffer.from(value).toString();
  };
  const [node, total] = [text(nodeKey), text(totalKey)];
  const updates =
    total === undefined ? { ledgerUpdates: 0, nextBlock: 0 } : ledgerUpdatesRecord.decode(totalKey, total);
  const l = node === undefined ? 0 : nodeEndorsementsRecord.decode(nodeKey, node).endorsements;
  return { l, L: updates.ledgerUpdates, next: updates.nextBlock };
}

describe('ReportEndorsements', () => {
  it('counts a range once, when three of four operators agree', async () => {
    const world = await openWorld();
    expect(await send(world, 'TELD', report())).toEqual({ outcome: 'waiting', agrees: true });
    expect(await send(world, 'STAR', report())).toEqual({ outcome: 'waiting', agrees: true });
    expect(await counted(world)).toEqual({ l: 0, L: 0, next: 0 });
    expect(await send(world, 'SG', report())).toEqual({ outcome: 'counted', agrees: true });
    expect(await counted(world)).toEqual({ l: 7, L: 12, next: 10 });
    expect(await send(world, 'PTNE', report())).toEqual({ outcome: 'late', agrees: true });
    expect(await counted(world)).toEqual({ l: 7, L: 12, next: 10 });
  });

  it('adds the next range to the running sums', async () => {
    const world = await openWorld();
    for (const range of [0, 1, 2]) for (const operatorId of OPERATORS) await send(world, operatorId, report(range));
    expect(await counted(world)).toEqual({ l: 21, L: 36, next: 30 });
  });

  it('answers a replay as duplicate, before and after counting, and writes nothing', async () => {
    const world = await openWorld();
    await send(world, 'TELD', report());
    expect(await send(world, 'TELD', report())).toEqual({ outcome: 'duplicate', agrees: true });
    expect(await counted(world)).toEqual({ l: 0, L: 0, next: 0 });
    for (const operatorId of OPERATORS) await send(world, operatorId, report());
    const again = await world.ledger.simulate('ReportEndorsements', report(), by('SG', 'settler'), NOW_MS);
    expect(again.writeSet).toEqual([]);
    expect(await counted(world)).toEqual({ l: 7, L: 12, next: 10 });
  });

  it.each([
    ['a gap', report(1)],
    ['a shorter range', report(0, { toBlock: 8 })],
    ['a longer range', report(0, { toBlock: 19 })],
    ['a start in the middle', { ...report(), fromBlock: 5, toBlock: 14 }],
  ])('refuses %s', async (_name, args) => {
    const world = await openWorld();
    await expect(send(world, 'TELD', args)).rejects.toThrow(/^WRONG_RANGE: /);
  });

  it.each([
    ['an unsorted tally', { tally: report().tally.toReversed() }],
    ['a node twice', { tally: [...report().tally, { peerNode: 'node-2', endorsements: 1 }] }],
    ['more endorsements than updates', { ledgerUpdates: 11 }],
  ])('refuses %s', async (_name, change) => {
    const world = await openWorld();
    await expect(send(world, 'TELD', report(0, change))).rejects.toThrow(/^INVALID_ARGUMENT: /);
  });

  it('keeps a report that differs, counts by the others, and raises an alarm', async () => {
    const world = await openWorld();
    const lie = report(0, { ledgerUpdates: 100, tally: [{ peerNode: 'node-1', endorsements: 100 }] });
    expect(await eventOf(world, 'STAR', lie)).toBeUndefined();
    await send(world, 'STAR', lie);
    expect(await eventOf(world, 'TELD', report())).toBe('EndorsementDisagreement');
    expect(await send(world, 'TELD', report())).toEqual({ outcome: 'waiting', agrees: false });
    await send(world, 'SG', report());
    expect(await counted(world)).toEqual({ l: 0, L: 0, next: 0 });
    expect(await send(world, 'PTNE', report())).toEqual({ outcome: 'counted', agrees: true });
    expect(await counted(world)).toEqual({ l: 7, L: 12, next: 10 });
    await expect(send(world, 'STAR', report())).rejects.toThrow(/^REPORT_DIFFERS: /);
  });

  it('keeps a late report that differs, changes nothing, and raises an alarm', async () => {
    const world = await openWorld();
    for (const operatorId of ['PTNE', 'SG', 'STAR']) await send(world, operatorId, report());
    const lie = report(0, { ledgerUpdates: 99 });
    expect(await eventOf(world, 'TELD', lie)).toBe('EndorsementDisagreement');
    expect(await send(world, 'TELD', lie)).toEqual({ outcome: 'late', agrees: false });
    expect(await counted(world)).toEqual({ l: 7, L: 12, next: 10 });
    await expect(send(world, 'TELD', report(0, { ledgerUpdates: 98 }))).rejects.toThrow(/^REPORT_DIFFERS: /);
  });

  it('lets an operator put its own miscount right before the range is counted', async () => {
    const world = await openWorld();
    await send(world, 'TELD', report(0, { ledgerUpdates: 13 }));
    await send(world, 'STAR', report());
    await send(world, 'SG', report());
    expect(await send(world, 'TELD', report())).toEqual({ outcome: 'counted', agrees: true });
  });

  it('goes on after the last counted block when the length of a range changes', async () => {
    const world = await openWorld();
    for (const operatorId of OPERATORS.slice(1)) await send(world, operatorId, report());
    await world.submit('SetParameters', { ...PARAMETERS, endorsementRangeBlocks: 5 }, SUPERVISOR);
    await expect(send(world, 'TELD', report(1))).rejects.toThrow(/^WRONG_RANGE: /);
    expect(await send(world, 'TELD', report(1, { toBlock: 14 }))).toMatchObject({ outcome: 'waiting' });
    expect(await send(world, 'PTNE', report())).toMatchObject({ outcome: 'late', agrees: true });
  });
});
