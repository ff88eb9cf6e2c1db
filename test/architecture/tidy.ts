import { functionLengths, hasFunction } from './function-lengths.js';
import { isTest } from './source-tree.js';
import type { SourceFile } from './source-tree.js';

/** One check of the whole tree: answers a line per finding, none if all is well. */
export type TidyRule = (files: readonly SourceFile[]) => readonly string[];

/* Guide values of the house; raise one with a reason beside it, never silently. */
export const FILE_LINES_MAX = 400;
export const FILE_LINES_MEDIAN_MAX = 70;
export const FILE_LINES_P90_MAX = 200;
export const FUNCTION_LINES_MAX = 60;
export const FUNCTION_LINES_MEDIAN_MAX = 12;

const FORBIDDEN_FOLDERS = ['utils', 'util', 'common', 'misc', 'helpers', 'lib'];
const SPEC_BESIDE = [
  /\/handlers\/.+\.handler\.ts$/,
  /\/commands\/.+\.ts$/,
  /^packages\/domain\/src\/.+/,
  /\.contract\.ts$/,
];
const LIMIT_CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*_(?:MAX|LIMIT))\b/gm;

export const noLongFile: TidyRule = (files) =>
  files
    .filter((file) => lineCount(file) > FILE_LINES_MAX)
    .map((file) => `${file.path} has ${lineCount(file)} lines, at most ${FILE_LINES_MAX}`);

export const shortFilesOverall: TidyRule = (files) => {
  const lines = files.filter(isSource).map(lineCount);
  return [
    ...above('median of file lines', quantile(lines, 0.5), FILE_LINES_MEDIAN_MAX),
    ...above('90 % of file lines', quantile(lines, 0.9), FILE_LINES_P90_MAX),
  ];
};

export const noLongFunction: TidyRule = (files) =>
  files
    .filter(isSource)
    .flatMap(functionLengths)
    .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
    .map(({ where, lines }) => `${where} a function of ${lines} lines, at most ${FUNCTION_LINES_MAX}`);

export const shortFunctionsOverall: TidyRule = (files) => {
  const lines = files.filter(isSource).flatMap(functionLengths);
  const median = quantile(
    lines.map((one) => one.lines),
    0.5,
  );
  return above('median of function lines', median, FUNCTION_LINES_MEDIAN_MAX);
};

export const specBesideEveryDecision: TidyRule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  return files
    .filter((file) => isSource(file) && SPEC_BESIDE.some((pattern) => pattern.test(file.path)))
    .filter((file) => !paths.has(file.path.replace(/\.ts$/, '.spec.ts')) && hasFunction(file))
    .map((file) => `${file.path} has no spec beside it`);
};

export const noDrawer: TidyRule = (files) =>
  files
    .filter(({ path }) => path.split('/').some((part) => FORBIDDEN_FOLDERS.includes(part)))
    .map(({ path }) => `${path} lies in a folder named after nothing`);

export const everyLimitInATest: TidyRule = (files) => {
  const specs = files.filter(({ path }) => path.endsWith('.spec.ts')).map(({ text }) => text);
  return files.filter(isSource).flatMap((file) =>
    [...file.text.matchAll(LIMIT_CONSTANT)]
      .map(([, name]) => name ?? '')
      .filter((name) => !specs.some((text) => text.includes(name)))
      .map((name) => `${file.path} limits by ${name}, which no spec names`),
  );
};

export const noForwardRef = forbidden('forwardRef hides a cycle', /\bforwardRef\b/);
export const noAny = forbidden('any', /(?::|<|\bas|\||,)\s*any\b(?!\w|\s*[A-Za-z])/);
export const noTodo = forbidden('a TODO without an issue', /\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\))/);

/** Only what talks to a person at a terminal may print. */
export const noConsole: TidyRule = (files) =>
  forbidden('console', /(?<![-\w.])console\./)(files.filter(({ path }) => !/^(?:deploy|simulators|test)\//.test(path)));

/** Comments are stripped of the test for code; a word in prose is no finding, except for TODO. */
function forbidden(what: string, pattern: RegExp): TidyRule {
  return (files) =>
    files
      .filter(({ path }) => !path.startsWith('test/architecture/'))
      .flatMap((file) =>
        file.text.split('\n').flatMap((line, index) => {
          const code = what.includes('TODO')
            ? line
            : line.replace(/^\s*(?:\/?\*|\/\/).*$/, '').replace(/\s\/\/ .*$/, '');
          return pattern.test(code) ? [`${file.path}:${index + 1} ${what}`] : [];
        }),
      );
}

function isSource(file: SourceFile): boolean {
  return !isTest(file.path);
}

function lineCount(file: SourceFile): number {
  return file.text.split('\n').length - 1;
}

function above(what: string, value: number, max: number): readonly string[] {
  return value > max ? [`${what}: ${value}, at most ${max}`] : [];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}
