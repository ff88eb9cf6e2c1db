import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeProcess, RESTART_MS, RESTART_MS_MAX } from './node-process.js';
import { NETWORK_MARK } from './plan.js';

const WAIT_MS_MAX = 20_000;

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come to be');
    await sleep(20);
  }
}

describe('node of a network', () => {
  let folder = '';
  let node: NodeProcess | undefined;
  const notices: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tw-node-'));
    notices.length = 0;
  });
  afterEach(async () => {
    await node?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(script: string): NodeProcess {
    const logFile = join(folder, 'node.log');
    const plan = { name: 'node-1', program: process.execPath, args: ['-e', script], env: {}, logFile };
    const made = new NodeProcess(plan, { [NETWORK_MARK]: folder }, (line) => notices.push(line));
    made.start();
    return made;
  }

  it('carries the mark of its network and writes its log', async () => {
    node = start(`console.log(process.env.${NETWORK_MARK}); setInterval(() => {}, 1000)`);
    await until(() => readFileSync(join(folder, 'node.log'), 'utf8').includes(folder));
  });

  it('is started again when it is killed, and says so', async () => {
    node = start('setInterval(() => {}, 1000)');
    const before = node.pid;
    if (before === undefined) throw new Error('not started');
    process.kill(before, 'SIGKILL');
    await until(() => node?.pid !== before);
    expect(notices).toEqual(['node-1 ended (SIGKILL); starting it again']);
    expect(RESTART_MS).toBeLessThan(1_000);
  });

  it('stays down after stop', async () => {
    node = start('setInterval(() => {}, 1000)');
    await node.stop();
    const { pid } = node;
    await sleep(RESTART_MS * 3);
    expect(node.pid).toBe(pid);
    expect(notices).toEqual([]);
  });

  it('says when its program cannot be started', async () => {
    const plan = { name: 'node-1', program: '/nowhere/peer', args: [], env: {}, logFile: join(folder, 'node.log') };
    node = new NodeProcess(plan, {}, (line) => notices.push(line));
    node.start();
    await until(() => notices.filter((line) => line.includes('ENOENT')).length >= 2);
    expect(RESTART_MS_MAX).toBeLessThanOrEqual(30_000);
  });
});
