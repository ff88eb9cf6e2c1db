import { describe, expect, it } from '@jest/globals';
import { Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { ACTIONS, type Action } from './actions.js';
import { HandlerRegistry, indexHandlers, type AnyHandler } from './handler-registry.js';
import { HANDLES } from './handles.decorator.js';

function handlerClass(action: string): new () => AnyHandler {
  class Handler implements AnyHandler {
    async handle(): Promise<never> {
      throw new Error('not called here');
    }
  }
  Reflect.defineMetadata(HANDLES, action, Handler);
  return Handler;
}

async function start(providers: Provider[]): Promise<HandlerRegistry> {
  @Module({ imports: [DiscoveryModule], providers: [HandlerRegistry, ...providers] })
  class TestModule {}
  const application = await Test.createTestingModule({ imports: [TestModule] }).compile();
  await application.init();
  return application.get(HandlerRegistry);
}

describe('HandlerRegistry', () => {
  it('finds the handler of every action among the providers', async () => {
    const classes = new Map<Action, new () => AnyHandler>(ACTIONS.map((action) => [action, handlerClass(action)]));
    const registry = await start([...classes.values(), { provide: 'noise', useValue: null }]);
    for (const [action, type] of classes) expect(registry.find(action)).toBeInstanceOf(type);
  });

  it('refuses to start without a handler, naming each missing action', async () => {
    const classes = ACTIONS.filter((action) => action !== 'StopTransaction' && action !== 'Heartbeat').map(
      handlerClass,
    );
    await expect(start(classes)).rejects.toThrow('no handler for Heartbeat; no handler for StopTransaction');
  });

  it('refuses to start with two handlers of one action', async () => {
    await expect(start([...ACTIONS, 'Heartbeat'].map(handlerClass))).rejects.toThrow('two handlers for Heartbeat');
  });

  it('refuses a handler of an action outside the map', () => {
    const handler: AnyHandler = { handle: () => Promise.reject(new Error('not called here')) };
    expect(() => indexHandlers([['Reboot', handler]])).toThrow('unknown action Reboot');
  });
});
