import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from './folder-owner.js';

describe('owner of a data folder', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tw-owner-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is one at a time', async () => {
    const first = await claimFolder(folder);
    expect(first).toBeDefined();
    expect(await claimFolder(folder)).toBeUndefined();
    await first?.release();
    const second = await claimFolder(folder);
    expect(second).toBeDefined();
    await second?.release();
  });

  it('is gone with its process, also when that is killed', async () => {
    const listen = `require('node:net').createServer().listen(process.argv[1], () => console.log('held'))`;
    const holder = spawn(process.execPath, ['-e', listen, join(folder, 'owner')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(holder, 'exit');
    await once(holder.stdout, 'data');
    expect(await claimFolder(folder)).toBeUndefined();
    holder.kill('SIGKILL');
    await ended;
    expect(existsSync(join(folder, 'owner'))).toBe(true);
    const heir = await claimFolder(folder);
    expect(heir).toBeDefined();
    await heir?.release();
  });
});
