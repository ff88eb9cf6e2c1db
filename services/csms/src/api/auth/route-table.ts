import type { INestApplication } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ACCESS_TABLE } from './access-table.js';
import { routeKeyOf } from './route-key.js';

/** Every HTTP route of the application, from Nest's own metadata. */
export function routeKeys(app: INestApplication): string[] {
  const controllers = app.get(DiscoveryService, { strict: false }).getControllers();
  return controllers.flatMap(({ metatype }) => {
    if (typeof metatype !== 'function' || !isController(metatype)) return [];
    const prototype: unknown = metatype.prototype;
    if (typeof prototype !== 'object' || prototype === null) return [];
    return handlersOf(prototype)
      .map((handler) => routeKeyOf(metatype, handler))
      .filter((key) => key !== undefined);
  });
}

/** Deny by default: refuses to start when a handler has no row. */
export function assertAccessTableComplete(app: INestApplication): void {
  const missing = routeKeys(app).filter((key) => !ACCESS_TABLE.has(key));
  if (missing.length > 0) throw new Error(`routes without a row in the access table: ${missing.join(', ')}`);
}

type Controller = new (...args: never[]) => object;

function isController(metatype: object): metatype is Controller {
  return 'prototype' in metatype;
}

function handlersOf(prototype: object): object[] {
  return Object.getOwnPropertyNames(prototype)
    .map((name) => Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown)
    .filter((value) => typeof value === 'function');
}
