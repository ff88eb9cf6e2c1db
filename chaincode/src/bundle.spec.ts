import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { qualifiedFunctions } from '@tallywatt/contracts';
import { exposedFunctions } from './embedded/invoke.js';
import { compileChaincode, runNode } from './testing/compiled.js';

/** Compiling and bundling take seconds, more on a busy machine. */
jest.setTimeout(60_000);

const GOLDEN = readFileSync(new URL('testing/exposed-functions.golden.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** What fabric-shim would see: names of the classes, of the contracts, and the functions that the decorators announce. */
const INSPECT = `
  const { contracts } = require('./chaincode/dist/bundle/index.cjs');
  require('reflect-metadata');
  const names = contracts.map((C) => [C.name, new C().getName()]);
  const functions = contracts.flatMap((C) =>
    Reflect.getMetadata('fabric:transactions', C.prototype).map((t) => [new C().getName() + ':' + t.name, t.tag.join(), t.parameters.map((p) => p.schema.type).join()]));
  process.stdout.write(JSON.stringify({ names, functions }));`;

beforeAll(() => {
  compileChaincode();
  expect(runNode(['chaincode/build/bundle.mjs'])).toMatchObject({ status: 0, stderr: '' });
}, 120_000);

describe('the exposed functions', () => {
  it('are those of the golden file', () => {
    expect(exposedFunctions()).toEqual(GOLDEN);
    expect(qualifiedFunctions()).toEqual(GOLDEN);
  });
});

describe('the bundle', () => {
  it('keeps the names of classes and contracts, and announces exactly the golden functions with one text argument', () => {
    const { status, stdout, stderr } = runNode(['-e', INSPECT]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { names, functions } = JSON.parse(stdout);
    expect(names).toEqual([
      ['SettlementContract', 'settlement'],
      ['AccountsContract', 'accounts'],
      ['StationsContract', 'stations'],
      ['EvaluationContract', 'evaluation'],
      ['GovernanceContract', 'governance'],
    ]);
    expect(functions.map(([name]: [string]) => name).sort()).toEqual(GOLDEN);
    expect(new Set(functions.map(([, , parameters]: [string, string, string]) => parameters))).toEqual(
      new Set(['string']),
    );
  });

  it('marks queries as such', () => {
    const { functions } = JSON.parse(runNode(['-e', INSPECT]).stdout);
    const queries = functions
      .filter(([, tag]: [string, string]) => tag === 'EVALUATE')
      .map(([name]: [string]) => name.split(':')[1]);
    expect(queries.sort()).toEqual([
      'BillsByAccount',
      'BillsByOperator',
      'BillsByStation',
      'GetAccount',
      'GetBill',
      'GetParameters',
      'GetStation',
      'Supply',
    ]);
  });

  it('holds no workspace import and no stub', () => {
    const text = readFileSync(new URL('../dist/bundle/index.cjs', import.meta.url), 'utf8');
    expect(text).not.toContain('require("@tallywatt');
    expect(text).not.toContain('LedgerStub');
  });
});

describe('a process that loads the contract', () => {
  const THROW = 'setTimeout(() => { throw new Error("planted"); }, 1); setTimeout(() => undefined, 500);';
  const REJECT = 'Promise.reject(new Error("planted")); setTimeout(() => undefined, 500);';
  const EMBEDDED = 'await import("./chaincode/dist/embedded/index.js");';

  it.each([
    ['embedded ledger, uncaught error', ['--input-type=module', '-e', EMBEDDED + THROW]],
    ['embedded ledger, unhandled rejection', ['--input-type=module', '-e', EMBEDDED + REJECT]],
    ['bundle, uncaught error', ['-e', `require("./chaincode/dist/bundle/index.cjs");${THROW}`]],
  ])('ends with a fault after an uncaught one: %s', (_name, args) => {
    const { status, stderr } = runNode(args);
    expect(status).not.toBe(0);
    expect(stderr).toContain('planted');
  });

  it('keeps its own listeners and prints nothing while loading', () => {
    const script = `process.on('uncaughtException', () => process.exit(7)); ${EMBEDDED} ${THROW}`;
    expect(runNode(['--input-type=module', '-e', script])).toEqual({ status: 7, stdout: '', stderr: '' });
  });
});
