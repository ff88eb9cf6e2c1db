import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMAND_MS_MAX, SmallNetwork } from './small-network.js';

/** 4 orderers, 4 peers, 4 contract servers and their supervisor. */
const PROCESSES = 13;
const RECOVERY_MS_MAX = 60_000;

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + RECOVERY_MS_MAX;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

describe('network small', () => {
  let small: SmallNetwork;
  beforeAll(async () => {
    small = await SmallNetwork.create();
    await small.network.provide();
  }, COMMAND_MS_MAX);
  afterAll(() => small.destroy(), 60_000);

  const anchor = (): object => ({
    kind: 'genesis',
    ref: small.network.topology.channel,
    sha256: createHash('sha256').update(readFileSync(small.network.folder.genesisBlock)).digest('hex'),
  });

  it(
    'comes up from nothing to its first committed transaction',
    async () => {
      const up = small.run('up');
      expect(up).toMatchObject({ code: 0 });
      expect(small.run('status')).toMatchObject({ code: 0 });
      expect(small.network.processes).toHaveLength(PROCESSES);
      // Committed on every operator's peer: the anchor of `up` is known there.
      for (const { mspId } of small.network.topology.operators) {
        const answer = await eventually(() => small.evaluateAsSupervision(mspId, 'governance:Anchor', anchor()));
        expect(answer).toEqual({ duplicate: true });
      }
    },
    COMMAND_MS_MAX,
  );

  it('lets the contract see who signs, and refuses what a role may not do', async () => {
    await expect(small.evaluate('TELD', 'settler', 'governance:Anchor', anchor())).rejects.toThrow('ACCESS_DENIED');
    await expect(small.evaluate('TELD', 'operator', 'governance:Anchor', anchor())).rejects.toThrow('UNKNOWN_OPERATOR');
    await expect(small.evaluate('STAR', 'treasurer', 'governance:SetParameters', {})).rejects.toThrow('ACCESS_DENIED');
  }, 60_000);

  it('starts a killed peer and a killed contract server again', async () => {
    const { folder } = small.network;
    expect(small.kill(folder.node('node-6'))).toHaveLength(1);
    const [contract] = small.network.processes.filter(
      ({ environment }) => environment.get('NODE_ENV') === 'production',
    );
    if (contract === undefined) throw new Error('no contract server');
    process.kill(contract.pid, 'SIGKILL');
    for (const { mspId } of small.network.topology.operators) {
      await eventually(() => small.evaluate(mspId, 'operator', 'governance:Supply', {}));
    }
    await eventually(async () => expect(small.network.processes).toHaveLength(PROCESSES));
  }, 120_000);

  it(
    'leaves a running network alone when it is told to come up again',
    () => {
      const before = small.network.processes.map(({ pid }) => pid).sort();
      expect(small.run('up')).toMatchObject({ code: 0 });
      expect(small.network.processes.map(({ pid }) => pid).sort()).toEqual(before);
    },
    COMMAND_MS_MAX,
  );

  it('refuses a second network on the same ports, with the flag that moves them', () => {
    const other = mkdtempSync(join(tmpdir(), 'tw-fabric-'));
    try {
      const { code, output } = small.run('up', other);
      expect(code).toBe(1);
      expect(output).toMatch(/Port \d+ for orderer-1 is taken: choose another range with --first-port PORT/);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  }, 120_000);

  it(
    'recovers with all its data after everything was killed at once',
    async () => {
      expect(small.kill()).toHaveLength(PROCESSES);
      expect(small.run('up')).toMatchObject({ code: 0 });
      const [first] = small.network.topology.operators;
      const answer = await small.evaluateAsSupervision(first?.mspId ?? '', 'governance:Anchor', anchor());
      expect(answer).toEqual({ duplicate: true });
    },
    COMMAND_MS_MAX,
  );

  it('goes down to the last process and port', async () => {
    expect(small.run('down')).toMatchObject({ code: 0 });
    expect(small.network.processes).toEqual([]);
    for (let port = small.firstPort; port < small.firstPort + 64; port += 1) expect(await isTaken(port)).toBe(false);
    expect(small.run('status')).toMatchObject({ code: 1 });
  }, 120_000);
});
