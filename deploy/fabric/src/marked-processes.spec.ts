import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { endMarkedProcesses, GONE_MS_MAX, markedProcesses } from './marked-processes.js';
import { NETWORK_MARK } from './supervisor/plan.js';

const children: ChildProcess[] = [];

async function start(network: string, before = ''): Promise<ChildProcess> {
  const script = `${before} console.log('up'); setInterval(() => {}, 1000);`;
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

  it('that ignore a polite end are killed', async () => {
    const deaf = await start('/network/a', "process.on('SIGTERM', () => undefined);");
    await endMarkedProcesses('/network/a', 'SIGTERM', 200);
    expect(markedProcesses('/network/a')).toEqual([]);
    if (deaf.exitCode === null && deaf.signalCode === null) await once(deaf, 'exit');
    expect(deaf.signalCode).toBe('SIGKILL');
    expect(GONE_MS_MAX).toBeGreaterThan(5_000);
  });
});
