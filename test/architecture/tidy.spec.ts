import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY, sourceFiles, workspaceFolders } from './source-tree.js';
import type { SourceFile } from './source-tree.js';
import * as tidy from './tidy.js';
import type { TidyRule } from './tidy.js';

const SOURCE_FILES_MIN = 30;
const README_LINES_MAX = 60;

const file = (path: string, text: string): SourceFile => ({ path, text });
const lines = (count: number): string => 'const x = 1;\n'.repeat(count);
const functionOf = (count: number): string => `function f() {\n${lines(count - 2)}}\n`;

/** Per rule a tree that it has to refuse: a rule that cannot fail checks nothing. */
const RULES: readonly (readonly [string, TidyRule, readonly SourceFile[]])[] = [
  ['noLongFile', tidy.noLongFile, [file('services/a/src/a.ts', lines(tidy.FILE_LINES_MAX + 1))]],
  ['shortFilesOverall', tidy.shortFilesOverall, [file('services/a/src/a.ts', lines(tidy.FILE_LINES_MEDIAN_MAX + 1))]],
  ['shortFilesOverall', tidy.shortFilesOverall, ninetyPerCentTooLong()],
  ['noLongFunction', tidy.noLongFunction, [file('services/a/src/a.ts', functionOf(tidy.FUNCTION_LINES_MAX + 1))]],
  [
    'shortFunctionsOverall',
    tidy.shortFunctionsOverall,
    [file('chaincode/src/a.ts', functionOf(tidy.FUNCTION_LINES_MEDIAN_MAX + 1))],
  ],
  [
    'specBesideEveryDecision',
    tidy.specBesideEveryDecision,
    [file('services/csms/src/handlers/a.handler.ts', functionOf(3))],
  ],
  ['specBesideEveryDecision', tidy.specBesideEveryDecision, [file('packages/domain/src/a.ts', 'const f = () => 1;')]],
  ['noDrawer', tidy.noDrawer, [file('services/csms/src/utils/a.ts', '')]],
  ['everyLimitInATest', tidy.everyLimitInATest, [file('services/a/src/a.ts', 'export const FRAME_BYTES_MAX = 1;')]],
  ['noForwardRef', tidy.noForwardRef, [file('services/a/src/a.ts', '@Inject(forwardRef(() => A))')]],
  ['noAny', tidy.noAny, [file('services/a/src/a.ts', 'const a = b as any;')]],
  ['noAny', tidy.noAny, [file('services/a/src/a.ts', 'const a: Record<string, any> = {};')]],
  ['noTodo', tidy.noTodo, [file('services/a/src/a.ts', '// TODO later')]],
  ['noConsole', tidy.noConsole, [file('services/a/src/a.ts', 'console.log(1);')]],
];

function ninetyPerCentTooLong(): readonly SourceFile[] {
  const short = Array.from({ length: 8 }, (_, index) => file(`services/a/src/${index}.ts`, lines(1)));
  const long = ['x', 'y', 'z'].map((name) => file(`services/a/src/${name}.ts`, lines(tidy.FILE_LINES_P90_MAX + 1)));
  return [...short, ...long];
}

describe('the tree is tidy', () => {
  const files = sourceFiles();

  it('is found at all', () => {
    expect(files.length).toBeGreaterThanOrEqual(SOURCE_FILES_MIN);
  });

  it.each(RULES)('%s refuses a planted violation', (_name, rule, planted) => {
    expect(rule(planted)).not.toEqual([]);
  });

  it.each([...new Map(RULES.map(([name, rule]) => [name, rule]))])('%s holds', (_name, rule) => {
    expect(rule(files)).toEqual([]);
  });

  it.each(workspaceFolders())(`%s has a README of at most ${README_LINES_MAX} lines`, (folder) => {
    const readme = join(REPOSITORY, folder, 'README.md');
    expect(existsSync(readme)).toBe(true);
    expect(readFileSync(readme, 'utf8').split('\n').length - 1).toBeLessThanOrEqual(README_LINES_MAX);
  });
});

describe('the rules let good code pass', () => {
  it.each([
    [
      'a limit named in a spec',
      tidy.everyLimitInATest,
      [file('services/a/src/a.ts', 'const A_MAX = 1;'), file('services/a/src/a.spec.ts', 'A_MAX')],
    ],
    [
      'a handler with its spec',
      tidy.specBesideEveryDecision,
      [
        file('services/csms/src/handlers/a.handler.ts', functionOf(3)),
        file('services/csms/src/handlers/a.handler.spec.ts', ''),
      ],
    ],
    ['types without a spec', tidy.specBesideEveryDecision, [file('packages/domain/src/a.ts', 'export type A = 1;')]],
    [
      'the word any in prose',
      tidy.noAny,
      [file('services/a/src/a.ts', " * takes: any of them\nconst a = 'or any other';")],
    ],
    ['a TODO with its issue', tidy.noTodo, [file('services/a/src/a.ts', '// TODO(#12) later')]],
    [
      'a file named after a console',
      tidy.noConsole,
      [file('services/a/src/a.ts', "import './static-console.controller.js';")],
    ],
    ['a command line that prints', tidy.noConsole, [file('simulators/a/src/main.ts', 'console.log(1);')]],
  ] as const)('%s', (_what, rule, good) => {
    expect(rule(good)).toEqual([]);
  });
});
