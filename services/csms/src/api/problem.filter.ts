import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Problem } from '@tallywatt/contracts';
import type { Request, Response } from 'express';
import { ProblemError, notFound } from './problem.js';
import { requestIdOf } from './request-context.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Codes of refusals that come from the HTTP layer itself, by status. */
const HTTP_LAYER_CODES: ReadonlyMap<number, readonly [code: string, title: string]> = new Map([
  [400, ['malformed_request', 'The request could not be read.']],
  [405, ['method_not_allowed', 'This method is not allowed here.']],
  [413, ['body_too_large', 'The body is larger than 256 KiB.']],
  [415, ['unsupported_media_type', 'Only application/json is understood.']],
]);

/** Every refusal of the API leaves as `application/problem+json` with a stable code; details of faults stay in the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('api');

  catch(fault: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const error = toProblemError(fault);
    if (error.problem.status >= 500) this.logger.error({ requestId: requestIdOf(request), fault: describe(fault) });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
    if (error.problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="tallywatt"');
    const body = problemBody(error, requestIdOf(request));
    response.status(error.problem.status).setHeader('Content-Type', PROBLEM_MEDIA_TYPE);
    response.end(JSON.stringify(body));
  }
}

/** Field by field, so that a problem from another process cannot add fields of its own. */
function problemBody({ problem, retryAfterSeconds }: ProblemError, requestId: string): object {
  return {
    type: `urn:tallywatt:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    code: problem.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    retryable: problem.retryable ?? false,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    requestId,
  };
}

function toProblemError(fault: unknown): ProblemError {
  if (fault instanceof ProblemError) return fault;
  const status = statusOf(fault);
  if (status === 404) return notFound();
  const known = HTTP_LAYER_CODES.get(status);
  return new ProblemError(known ? { status, code: known[0], title: known[1] } : INTERNAL_ERROR);
}

const INTERNAL_ERROR: Problem = {
  code: 'internal_error',
  status: 500,
  title: 'Something failed on our side; the request id finds it in the log.',
  retryable: true,
};

/** Nest throws HttpException; express and its body parser throw errors with a `status`. */
function statusOf(fault: unknown): number {
  if (fault instanceof HttpException) return fault.getStatus();
  if (fault instanceof Error && 'status' in fault && typeof fault.status === 'number') return fault.status;
  return 500;
}

function describe(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}
