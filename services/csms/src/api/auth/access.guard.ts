import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Metrics } from '../../health/metrics.js';
import { ProblemError, forbiddenRole, tooManyRequests, unauthorized } from '../problem.js';
import { RateLimiter } from '../rate-limit.js';
import { setPrincipal } from '../request-context.js';
import { ACCESS_TABLE } from './access-table.js';
import { ApiUserStore, type ApiUser } from './api-user.store.js';
import { routeKeyOf } from './route-key.js';
import { bearerToken, tokenDigest } from './token.js';

/**
 * The one door: token → user → rate → role of the route. A guard and not a middleware, because a middleware is matched
 * by path text and can be walked around (`//path`, `%2f`); a guard runs with whatever handler express chose.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly users: ApiUserStore,
    private readonly limiter: RateLimiter,
    private readonly metrics: Metrics,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const access = ACCESS_TABLE.get(routeKeyOf(context.getClass(), context.getHandler()) ?? '');
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const user = await this.authenticate(request);
    const waitSeconds = this.limiter.take(user.userId);
    if (waitSeconds > 0) throw tooManyRequests(waitSeconds);
    if (access === undefined || !access.includes(user.principal.role)) throw forbiddenRole();
    setPrincipal(request, user.principal);
    return true;
  }

  private async authenticate(request: Request): Promise<ApiUser> {
    const token = bearerToken(request.get('authorization'));
    const user = token === undefined ? undefined : await this.users.findByTokenDigest(tokenDigest(token));
    if (user !== undefined) return user;
    throw this.refusal(request.ip ?? 'unknown');
  }

  /** Wrong tokens are counted per address, so that guessing is slow and a flood stays cheap. */
  private refusal(address: string): ProblemError {
    this.metrics.refusedTokens.inc();
    const waitSeconds = this.limiter.takeFailure(address);
    return waitSeconds > 0 ? tooManyRequests(waitSeconds) : unauthorized();
  }
}
