import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '@tallywatt/contracts';
import type { Request } from 'express';
import { unauthorized } from './problem.js';

/** Who asks, and under which id the request is found in logs; carried to settlement unchanged. */
export interface RequestContext {
  readonly principal: Principal;
  readonly requestId: string;
}

const requestIds = new WeakMap<Request, string>();
const principals = new WeakMap<Request, Principal>();

/** Ids that a client may choose; anything else is replaced, so that logs and headers cannot be injected. */
const REQUEST_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

export function assignRequestId(request: Request, newId: () => string): string {
  const offered = request.get('x-request-id');
  const id = offered !== undefined && REQUEST_ID_PATTERN.test(offered) ? offered : newId();
  requestIds.set(request, id);
  return id;
}

export function requestIdOf(request: Request): string {
  return requestIds.get(request) ?? 'unassigned';
}

/** Set by the access guard, and by nothing else. */
export function setPrincipal(request: Request, principal: Principal): void {
  principals.set(request, principal);
}

export function contextOf(request: Request): RequestContext {
  const principal = principals.get(request);
  if (principal === undefined) throw unauthorized();
  return { principal, requestId: requestIdOf(request) };
}

/** Handler parameter: the {@link RequestContext}. */
export const Caller = createParamDecorator((_: unknown, host: ExecutionContext): RequestContext =>
  contextOf(host.switchToHttp().getRequest<Request>()),
);
