import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { REPOSITORY, workspaceFolders } from './source-tree.js';

const Names = z.record(z.string(), z.string()).default({});
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dependencies: Names,
      optionalDependencies: Names,
      integrity: z.string().optional(),
      link: z.boolean().default(false),
    }),
  ),
});
type Packages = z.infer<typeof Lock>['packages'];

const PACKAGES_MIN = 400;
const EXACT_VERSION = /^(?:npm:.+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const readLock = (): Packages => Lock.parse(JSON.parse(read('package-lock.json'))).packages;

/** Dependencies, platform packages too, that Node would not find: `npm ci` fails on them somewhere. */
function missingFrom(packages: Packages): readonly string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !foldersUpwards(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${path} needs ${name}`),
  );
}

function foldersUpwards(path: string): readonly string[] {
  const parts = path === '' ? [] : path.split('/');
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/`), ''];
}

describe('package-lock.json', () => {
  it('holds every dependency of every platform', () => {
    const packages = readLock();
    expect(Object.keys(packages).length).toBeGreaterThanOrEqual(PACKAGES_MIN);
    expect(missingFrom(packages)).toEqual([]);
  });

  it('is refused when a platform package was dropped', () => {
    const { 'node_modules/@swc/core-win32-arm64-msvc': _dropped, ...rest } = readLock();
    expect(missingFrom(rest)).toEqual(['node_modules/@swc/core needs @swc/core-win32-arm64-msvc']);
  });

  it('names no registry, so that it installs from any', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  it('pins the content of every package', () => {
    const loose = Object.entries(readLock()).filter(
      ([path, { integrity, link }]) => path.includes('node_modules/') && !link && integrity === undefined,
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });
});

describe('package.json', () => {
  const Manifest = z.object({
    dependencies: Names,
    devDependencies: Names,
    optionalDependencies: Names,
    overrides: Names,
  });

  it.each(['.', ...workspaceFolders()])('%s names exact versions', (folder) => {
    const manifest = Manifest.parse(JSON.parse(read(join(folder, 'package.json'))));
    const versions = Object.values(manifest).flatMap((section) => Object.entries(section));
    expect(versions.filter(([, version]) => !EXACT_VERSION.test(version))).toEqual([]);
  });
});
