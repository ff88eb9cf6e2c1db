import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import type { Observable } from 'rxjs';
import { routeKeyOf } from '../api/auth/route-key.js';
import { Metrics } from './metrics.js';

/** Lasts as long as somebody looks: its duration says nothing. */
const EVENT_STREAM = 'GET /v1/events';

/** Times every answer under its route's name, never under the path as sent: paths are unbounded, routes are not. */
@Injectable()
export class RequestTimerInterceptor implements NestInterceptor {
  constructor(private readonly metrics: Metrics) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const route = routeKeyOf(context.getClass(), context.getHandler()) ?? 'unknown';
    if (route === EVENT_STREAM) return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    const stop = this.metrics.requestSeconds.startTimer({ route });
    response.once('finish', () => stop({ status: String(response.statusCode) }));
    return next.handle();
  }
}
