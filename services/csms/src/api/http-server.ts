import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { assertAccessTableComplete } from './auth/route-table.js';
import { mountOpenApi } from './openapi.js';
import { ProblemFilter } from './problem.filter.js';
import { assignRequestId } from './request-context.js';
import { ApiValidationPipe } from './validation.pipe.js';

/** reliability.md section 8. */
export const BODY_BYTES_MAX = 256 * 1024;
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 30_000;
/** A browser sends about twenty. */
export const HEADERS_COUNT_MAX = 64;

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const DOCUMENTATION_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['Content-Security-Policy', PAGE_POLICY],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];

/** Everything that makes the Nest application the API of product.md; call once, before `listen`. */
export function configureHttp(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(announce);
  app.useBodyParser('json', { limit: BODY_BYTES_MAX, strict: true });
  app.useGlobalPipes(new ApiValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  assertAccessTableComplete(app);
  mountOpenApi(app);
  limitServer(app);
}

/** Request id and headers of every answer, refusals of the body parser included. */
function announce(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('X-Request-ID', assignRequestId(request, randomUUID));
  for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
  // The documentation's own page carries its styles in the page; it shows nothing that a client sent.
  if (request.path.startsWith('/docs')) response.setHeader('Content-Security-Policy', DOCUMENTATION_POLICY);
  if (request.path.startsWith('/v1')) response.setHeader('Cache-Control', 'no-store');
  next();
}

/** Slow clients: time limits of the socket, not of the answer, so that event streams live on. */
function limitServer(app: INestApplication<Server>): void {
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxHeadersCount = HEADERS_COUNT_MAX;
}
