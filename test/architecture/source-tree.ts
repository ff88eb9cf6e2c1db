import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One file of the repository; `path` is relative to its root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export const REPOSITORY = join(import.meta.dirname, '..', '..');

/** The folders that hold code of ours; everything else at the top level is configuration or prose. */
export const CODE_FOLDERS = ['packages', 'services', 'chaincode', 'simulators', 'deploy', 'test'] as const;

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'fixtures', '.data', 'coverage']);

/** Every TypeScript file of ours, declarations excepted, in a stable order. */
export function sourceFiles(): readonly SourceFile[] {
  return CODE_FOLDERS.flatMap((folder) => filesUnder(join(REPOSITORY, folder)))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .toSorted()
    .map((path) => ({ path: relative(REPOSITORY, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

/** The folders of all workspaces: those that have a package.json. */
export function workspaceFolders(): readonly string[] {
  return CODE_FOLDERS.flatMap((folder) => filesUnder(join(REPOSITORY, folder)))
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => relative(REPOSITORY, join(path, '..')))
    .toSorted();
}

/** Specs, and what only specs use. */
export function isTest(path: string): boolean {
  return path.endsWith('.spec.ts') || path.includes('/testing/') || path.startsWith('test/');
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile()) return [join(folder, entry.name)];
    return entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name) ? filesUnder(join(folder, entry.name)) : [];
  });
}
