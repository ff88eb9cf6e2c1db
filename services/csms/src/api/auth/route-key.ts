import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';

/** `GET /v1/sessions/:id`: the name of a route in the access table, in metrics and in the tests' matrix. */
export function routeKeyOf(controller: Type, handler: object): string | undefined {
  const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
  const path: unknown = Reflect.getMetadata(PATH_METADATA, handler);
  const prefix: unknown = Reflect.getMetadata(PATH_METADATA, controller);
  if (typeof method !== 'number' || typeof path !== 'string' || typeof prefix !== 'string') return undefined;
  const parts = [prefix, path].map((part) => part.replace(/^\/+|\/+$/g, '')).filter((part) => part !== '');
  return `${RequestMethod[method]} /${parts.join('/')}`;
}
