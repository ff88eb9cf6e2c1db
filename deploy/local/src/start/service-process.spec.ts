import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  FAULT_LENGTH_MAX,
  faultIn,
  isReadyLine,
  READY_MS_MAX,
  RESTART_MS,
  RESTARTS_IN_A_ROW_MAX,
  ServiceProcess,
} from './service-process.js';

describe('ready line', () => {
  it.each(['{"ready":true}', '{"service":"csms","ready":true,"httpPort":8080}'])('knows %s', (line) => {
    expect(isReadyLine(line)).toBe(true);
  });

  it.each([
    '',
    'ready',
    '{"ready":false}',
    '{"ready":"true"}',
    '{"level":"log","message":"\\"ready\\""}',
    '{"ready":true',
    '["ready"]',
    'null',
  ])('is not fooled by %j', (line) => {
    expect(isReadyLine(line)).toBe(false);
  });
});

describe('fault of a service that ended', () => {
  it.each([
    ['{"level":"error","message":"port 9000 is taken\\nmore"}', 'port 9000 is taken'],
    ['plain words', 'plain words'],
    ['{"broken', '{"broken'],
    ['x'.repeat(1_000), 'x'.repeat(FAULT_LENGTH_MAX)],
  ])('%#: is one short line', (line, fault) => expect(faultIn(line)).toBe(fault));
});

describe('service process', () => {
  let folder = '';
  const notices: string[] = [];
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tw-service-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const service = (code: string, more: object = {}): ServiceProcess => {
    const script = join(folder, `${notices.length}-${code.length}.mjs`);
    writeFileSync(script, code);
    notices.length = 0;
    const logFile = join(folder, 'service.log');
    // The guard is compiled only in a build; an empty import stands for it here.
    return new ServiceProcess({
      name: 'it',
      script,
      env: { PATH: '' },
      logFile,
      guard: 'data:text/javascript,',
      notice: (line) => notices.push(line),
      restartMs: 5,
      ...more,
    });
  };
  const READY = 'console.log(JSON.stringify({ ready: true }));';
  const noticed = async (count: number): Promise<void> => {
    while (notices.length < count) await sleep(10);
  };

  it('is restarted in less than 3 s and given 30 s to be ready by default', () => {
    expect(RESTART_MS).toBeLessThan(3_000);
    expect(READY_MS_MAX).toBe(30_000);
  });

  it('is up at its ready line and ends on request', async () => {
    const running = service(`${READY} setInterval(() => undefined, 1000);`);
    await running.start();
    await running.stop();
    expect(notices).toEqual([]);
    expect(readFileSync(join(folder, 'service.log'), 'utf8')).toContain('"ready":true');
  });

  it('says why it ended while starting', async () => {
    const broken = service('console.error("port 9000 is taken"); process.exitCode = 3;');
    await expect(broken.start()).rejects.toThrow('it ended with code 3 while starting: port 9000 is taken');
    await broken.stop();
  });

  it('is given up when it never gets ready', async () => {
    const mute = service('setInterval(() => undefined, 1000);', { readyMsMax: 200 });
    await expect(mute.start()).rejects.toThrow('it was not ready within 0.2 s');
    await mute.stop();
  });

  it('is started again when it dies, but not for ever', async () => {
    const mortal = service(`${READY} setTimeout(() => process.exit(7), 20);`);
    await mortal.start();
    await noticed(RESTARTS_IN_A_ROW_MAX + 1);
    await mortal.stop();
    expect(notices.filter((line) => line.includes('starting it again'))).toHaveLength(RESTARTS_IN_A_ROW_MAX);
    expect(notices.at(-1)).toContain('keeps ending (7); it stays down');
  }, 60_000);

  it('is started again for ever when others kill it', async () => {
    const victim = service(`${READY} setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);`);
    await victim.start();
    await noticed(RESTARTS_IN_A_ROW_MAX + 2);
    await victim.stop();
    expect(notices.filter((line) => line.includes('stays down'))).toEqual([]);
  }, 60_000);

  it('leaves no hung process behind when it is given up', async () => {
    const pidFile = join(folder, 'pid');
    const code = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => undefined, 1000);`;
    const mute = service(code, { readyMsMax: 500 });
    await expect(mute.start()).rejects.toThrow('it was not ready');
    await sleep(100);
    expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH');
    await mute.stop();
  });
});
