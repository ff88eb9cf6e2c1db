import { describe, expect, it } from '@jest/globals';
import { OPERATION_INPUTS, type OperationName } from '@tallywatt/contracts';
import { EVERYONE, type Operation, reads } from './operation.js';
import { OperationRegistry } from './operation-registry.js';

const names = Object.keys(OPERATION_INPUTS) as OperationName[];
const answering = (name: OperationName): Operation => reads(name, EVERYONE, () => Promise.resolve(name));

describe('operation registry', () => {
  it('finds every operation of the contract', () => {
    const registry = new OperationRegistry([names.map(answering)]);
    expect(names.filter((name) => registry.find(name)?.name !== name)).toEqual([]);
    expect(registry.find('constructor')).toBeUndefined();
  });

  it('refuses to start when one is missing', () => {
    expect(() => new OperationRegistry([names.slice(1).map(answering)])).toThrow(`nothing answers ${names[0]}`);
  });

  it('refuses to start when one is answered twice', () => {
    expect(() => new OperationRegistry([names.map(answering), [answering('getBill')]])).toThrow(
      'operation getBill is answered twice',
    );
  });
});
