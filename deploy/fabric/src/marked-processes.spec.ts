import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { endMarkedProcesses, markedProcesses } from './marked-processes.js';
import { NETWORK_MARK } from './supervisor/plan.js';

const children: ChildProcess[] = [];

async function start(network: string): Promise<ChildProcess> {
  const script = "console.log('up'); setInterval(() => {}, 1000);";
  const child = spawn(process.execPath, ['-e', script], {
    env: { [NETWORK_MARK]: network },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe('processes of a network', () => {
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  it('are found by their mark, whoever started them', async () => {
    const mine = await start('/network/a');
    await start('/network/b');
    expect(markedProcesses('/network/a').map(({ pid }) => pid)).toEqual([mine.pid]);
    expect(markedProcesses('/network/none')).toEqual([]);
  });

  it('are ended to the last one; those of another network stay', async () => {
    await start('/network/a');
    await start('/network/a');
    const other = await start('/network/b');
    await endMarkedProcesses('/network/a', 'SIGKILL');
    expect(markedProcesses('/network/a')).toEqual([]);
    expect(other.exitCode ?? other.signalCode).toBeNull();
  });
});
