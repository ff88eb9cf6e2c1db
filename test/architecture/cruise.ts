import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { CODE_FOLDERS, REPOSITORY } from './source-tree.js';

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const CLI = join(REPOSITORY, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const CONFIGURATION = '.dependency-cruiser.cjs';
const TYPESCRIPT_OPTIONS = 'tsconfig.base.json';

const Result = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** What dependency-cruiser found: `violations` as "rule: from → to". */
export interface Cruise {
  readonly modules: readonly string[];
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

/** Cruises all code under `root`, which has to hold the configuration. Its own process: it needs no jest module system. */
export async function cruise(root: string): Promise<Cruise> {
  const args = [CLI, '--config', CONFIGURATION, '--output-type', 'json', ...CODE_FOLDERS];
  const output = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: OUTPUT_BYTES_MAX }).catch(
    // Violations make the exit code non-zero; the report is whole all the same.
    (error: unknown) => z.object({ stdout: z.string().min(1) }).parse(error),
  );
  const { modules, summary } = Result.parse(JSON.parse(output.stdout));
  return {
    modules: modules.map(({ source }) => source),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

/** Names of all rules of the configuration. */
export function ruleNames(): readonly string[] {
  const configuration: unknown = createRequire(import.meta.url)(join(REPOSITORY, CONFIGURATION));
  const Named = z.object({ forbidden: z.array(z.object({ name: z.string() })) });
  return Named.parse(configuration).forbidden.map(({ name }) => name);
}

export interface Tree {
  readonly files: Readonly<Record<string, string>>;
  readonly workspaces: Readonly<Record<string, string>>;
  readonly npmPackages: readonly string[];
}

/** Writes a tree of the repository's shape under `root`, with its rules and links between its workspaces. */
export async function writeTree(root: string, tree: Tree): Promise<void> {
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  for (const folder of CODE_FOLDERS) await mkdir(join(root, folder), { recursive: true });
  for (const name of [CONFIGURATION, TYPESCRIPT_OPTIONS]) await copyFile(join(REPOSITORY, name), join(root, name));
  for (const [path, text] of Object.entries(tree.files)) await write(path, text);
  for (const name of tree.npmPackages) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    await write(`node_modules/${name}/index.js`, 'exports.it = 1;\n');
  }
  for (const [name, folder] of Object.entries(tree.workspaces)) {
    const exports = {
      '.': { source: './src/index.ts', default: './dist/index.js' },
      './*': { source: './src/*.ts', default: './dist/*.js' },
    };
    await write(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports }));
    await mkdir(dirname(join(root, 'node_modules', name)), { recursive: true });
    await symlink(join(root, folder), join(root, 'node_modules', name));
  }
}
