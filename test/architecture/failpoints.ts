import type { SourceFile } from './source-tree.js';

/** The parts of the product that run in production. */
const PRODUCT = /^(?:packages|services|chaincode|simulators|deploy)\//;
const SERVICE_FAILPOINT = /^services\/[^/]+\/(?:src|dist)\/failpoint\.[jt]s$/;
/** Ends a process on the spot. Only the start command may: it supervises others. */
const KILLS = /process\.(?:kill|abort|reallyExit)\b/;
const SUPERVISOR = /^deploy\//;

/** Per file of the product what would make a failpoint more than a name; none if all is well. */
export function failpointFindings(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => PRODUCT.test(path) && !/\.spec\.[jt]s$|\/testing\//.test(path))
    .flatMap(({ path, text }) => [
      ...(/die-at-failpoint|kill-orders/.test(text) ? [`${path} names the fault harness`] : []),
      ...(/diagnostics_channel/.test(text) && !SERVICE_FAILPOINT.test(path) ? [`${path} uses a channel`] : []),
      ...(/\bsubscribe\b|\bbindStore\b/.test(text) && SERVICE_FAILPOINT.test(path) ? [`${path} listens`] : []),
      ...(KILLS.test(text) && !SUPERVISOR.test(path) ? [`${path} ends a process`] : []),
    ]);
}

/** Names that the services reach, in the order of the files. */
export function reachedNames(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => /^services\/[^/]+\/src\//.test(path) && !path.endsWith('.spec.ts'))
    .flatMap(({ text }) => [...text.matchAll(/\breach\('(\w+)'\)/g)].map(([, name]) => name ?? ''));
}

/** What of the harness shows in a process's command line and environment. */
export function harnessTraces(commandLine: string, environment: string): readonly string[] {
  return `${commandLine}\0${environment}`
    .split('\0')
    .filter((word) => /die-at-failpoint|--import[= ][^ ]*\/test\//.test(word));
}
