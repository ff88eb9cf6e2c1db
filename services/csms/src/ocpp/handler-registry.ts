import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { ACTIONS, isAction, type Action, type Requests, type Responses } from './actions.js';
import type { Eventually } from './eventually.js';
import { HANDLES, type CallContext } from './handles.decorator.js';

/** What the router calls: the types of one action are checked where the class is decorated. */
export interface AnyHandler {
  handle(request: Requests[Action], context: CallContext): Eventually<Responses[Action]>;
}

/** Finds every class with `@Handles` and refuses to start when an action has no handler or two. */
@Injectable()
export class HandlerRegistry implements OnModuleInit {
  private handlers: ReadonlyMap<Action, AnyHandler> = new Map();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const found: [string, AnyHandler][] = [];
    for (const wrapper of this.discovery.getProviders()) {
      if (typeof wrapper.metatype !== 'function') continue;
      const action = this.reflector.get<string | undefined>(HANDLES, wrapper.metatype);
      if (action !== undefined && isHandler(wrapper.instance)) found.push([action, wrapper.instance]);
    }
    this.handlers = indexHandlers(found);
  }

  /** Undefined only before start: afterwards every action has its handler. */
  find(action: Action): AnyHandler | undefined {
    return this.handlers.get(action);
  }
}

function isHandler(instance: unknown): instance is AnyHandler {
  return (
    typeof instance === 'object' && instance !== null && 'handle' in instance && typeof instance.handle === 'function'
  );
}

/** @throws Error that names every action without handler, with two, or unknown. */
export function indexHandlers(found: readonly (readonly [string, AnyHandler])[]): ReadonlyMap<Action, AnyHandler> {
  const handlers = new Map<Action, AnyHandler>();
  const faults: string[] = [];
  for (const [action, handler] of found) {
    if (!isAction(action)) faults.push(`unknown action ${action}`);
    else if (handlers.has(action)) faults.push(`two handlers for ${action}`);
    else handlers.set(action, handler);
  }
  for (const action of ACTIONS) if (!handlers.has(action)) faults.push(`no handler for ${action}`);
  if (faults.length > 0) throw new Error(`OCPP handlers: ${faults.join('; ')}`);
  return handlers;
}
