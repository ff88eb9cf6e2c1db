import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, ruleNames, writeTree } from './cruise.js';
import type { Cruise } from './cruise.js';
import { GROUND, NPM_PACKAGES, PLANTED, WORKSPACES } from './planted-violations.js';
import { REPOSITORY, sourceFiles } from './source-tree.js';

/** Without a TypeScript compiler the tool finds no module and no violation: a false green. */
const CRUISED_MODULES_MIN = 30;
const CRUISE_MS_MAX = 60_000;

describe('boundaries', () => {
  let found: Cruise;
  beforeAll(async () => {
    found = await cruise(REPOSITORY);
  }, CRUISE_MS_MAX);

  it('sees every source file', () => {
    expect(found.modules.length).toBeGreaterThanOrEqual(CRUISED_MODULES_MIN);
    const seen = new Set(found.modules);
    expect(sourceFiles().filter(({ path }) => !seen.has(path))).toEqual([]);
  });

  it('are kept', () => {
    expect(found.violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`)).toEqual([]);
  });
});

describe('boundaries of a tree with planted violations', () => {
  let root: string;
  let found: Cruise;
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'boundaries-')));
    const planted = Object.fromEntries(PLANTED.map(({ path, text }) => [path, text]));
    await writeTree(root, { files: { ...GROUND, ...planted }, workspaces: WORKSPACES, npmPackages: NPM_PACKAGES });
    found = await cruise(root);
  }, CRUISE_MS_MAX);
  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each(PLANTED)('$rule is broken by $path', ({ rule, path }) => {
    expect(found.violations.filter(({ from }) => from === path).map((violation) => violation.rule)).toContain(rule);
  });

  it('proves every rule there is', () => {
    expect([...new Set(PLANTED.map(({ rule }) => rule))].toSorted()).toEqual(ruleNames().toSorted());
  });

  it.each(Object.keys(GROUND))('finds nothing wrong with %s', (path) => {
    expect(found.violations.filter(({ from }) => from === path)).toEqual([]);
  });
});
