import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { listeners, readTopology, TopologyFault, topologyOf } from './topology.js';

const SHIPPED = new URL('../consortium.json', import.meta.url);

type Json = Record<string, unknown>;

function shipped(change: (file: Json) => void = () => undefined): Json {
  const file = JSON.parse(readFileSync(SHIPPED, 'utf8')) as Json;
  change(file);
  return file;
}

describe('topology', () => {
  it('is the paper’s consortium: 4 operators, 15 peers, 4 orderers of supervision', () => {
    const full = readTopology(SHIPPED.pathname, 'full');
    expect(full.operators.map(({ mspId, peers }) => [mspId, peers.length])).toEqual([
      ['TELD', 5],
      ['STAR', 3],
      ['SG', 5],
      ['PTNE', 2],
    ]);
    expect(full.supervision.orderers).toHaveLength(4);
  });

  it('keeps one peer per operator in profile small', () => {
    const small = topologyOf(shipped(), 'small');
    expect(small.operators.map(({ peers }) => peers.map(({ name }) => name))).toEqual([
      ['node-1'],
      ['node-6'],
      ['node-9'],
      ['node-14'],
    ]);
  });

  it('gives every listener a port of its own, from the first one on', () => {
    const ports = listeners(topologyOf(shipped(), 'full', 20_000)).map(({ port }) => port);
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.min(...ports)).toBe(20_000);
    expect(ports).toHaveLength(4 * 3 + 4 + 15 * 3);
  });

  const second = (file: Json): Json => (file['operators'] as [Json, Json])[1];

  it.each<[string, (file: Json) => void, string]>([
    ['an unknown field', (file) => void (file['extra'] = 1), 'extra'],
    [
      'fewer orderers than BFT needs',
      (file) => void ((file['supervision'] as Json)['orderers'] = []),
      'supervision.orderers',
    ],
    ['an impossible policy', (file) => void (file['endorsingOperators'] = 5), '5 of 4 operators'],
    [
      'a name that stands there twice',
      (file) => Object.assign(second(file), { peers: [{ name: 'node-1', host: '127.0.0.1' }] }),
      'node-1 stands there twice',
    ],
    ['an organisation twice', (file) => Object.assign(second(file), { mspId: 'TELD' }), 'TELD stands there twice'],
  ])('refuses %s and says where', (_name, change, where) => {
    expect(() => topologyOf(shipped(change), 'full')).toThrow(TopologyFault);
    expect(() => topologyOf(shipped(change), 'full')).toThrow(where);
  });

  it('names the profiles that exist', () => {
    expect(() => topologyOf(shipped(), 'huge')).toThrow('small, full');
  });
});
