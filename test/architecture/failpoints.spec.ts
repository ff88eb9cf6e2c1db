import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FAILPOINTS } from '../faults/failpoints.js';
import { failpointFindings, harnessTraces, reachedNames } from './failpoints.js';
import { REPOSITORY, sourceFiles, type SourceFile } from './source-tree.js';

const DECISION = join(REPOSITORY, 'docs/decisions/009-named-failpoints.md');
const file = (path: string, text: string): SourceFile => ({ path, text });

describe('failpoints', () => {
  const files = sourceFiles();

  it.each([
    ['a switch', file('services/csms/src/main.ts', "await import('../../test/dist/faults/die-at-failpoint.js');")],
    [
      'a second user of channels',
      file('services/csms/src/a.ts', "import { subscribe } from 'node:diagnostics_channel';"),
    ],
    ['a listener', file('services/csms/src/failpoint.ts', 'channel(name).subscribe(() => undefined);')],
    ['a suicide', file('services/settlement/src/a.ts', "process.kill(process.pid, 'SIGKILL');")],
    ['a crash', file('packages/domain/src/a.ts', 'process.abort();')],
    ['one in compiled code', file('services/csms/dist/a.js', 'process.kill(process.pid, 9)')],
  ])('%s in the product would be found', (_name, planted) => {
    expect(failpointFindings([planted])).not.toEqual([]);
  });

  it('are names and nothing else: no code of the product kills', () => {
    expect(failpointFindings(files)).toEqual([]);
  });

  it('are each reached once, and are those of the harness and of the decision', () => {
    const names = Object.values(FAILPOINTS).map(({ name }) => name);
    expect(reachedNames(files).toSorted()).toEqual(names.toSorted());
    const documented = [...readFileSync(DECISION, 'utf8').matchAll(/^\| (K\d+) +\| `(\w+)`/gm)];
    expect(documented.map(([, number, name]) => [number, name])).toEqual(
      Object.entries(FAILPOINTS).map(([number, { name }]) => [number, name]),
    );
  });

  it('show in a process that has the harness loaded, however it came in', () => {
    const service = ['node', '--import', '/srv/deploy/local/dist/start/child-guard.js', 'main.js'].join('\0');
    expect(harnessTraces(service, 'PATH=/bin\0LANG=C')).toEqual([]);
    expect(harnessTraces(service, 'NODE_OPTIONS=--import=file:///x/die-at-failpoint.js?orders=/tmp/o')).toHaveLength(1);
    expect(harnessTraces(service, 'NODE_OPTIONS=--import=file:///srv/test/dist/other.js')).toHaveLength(1);
    expect(harnessTraces('node\0--import\0/x/die-at-failpoint.js', '')).toHaveLength(1);
  });
});
