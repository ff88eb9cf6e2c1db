import type { Problem } from '@tallywatt/contracts';

/** A refusal on its way to the client; {@link ProblemFilter} turns it into RFC 9457. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** Seconds after which a repetition makes sense; becomes `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(`${problem.status} ${problem.code}`);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** One body for "does not exist" and "is not yours": the two must not be told apart (reliability.md section 8). */
export function notFound(): ProblemError {
  return new ProblemError({ code: 'not_found', status: 404, title: 'There is nothing at this address for you.' });
}

export function unauthorized(): ProblemError {
  return new ProblemError({ code: 'unauthorized', status: 401, title: 'A valid bearer token is needed.' });
}

export function forbiddenRole(): ProblemError {
  return new ProblemError({ code: 'forbidden_role', status: 403, title: 'The role of this token may not do this.' });
}

export function forbiddenOrganisation(): ProblemError {
  return new ProblemError({
    code: 'forbidden_organisation',
    status: 403,
    title: 'The token may act for its own organisation only.',
  });
}

export function tooManyRequests(retryAfterSeconds: number): ProblemError {
  const title = 'Too many requests; slow down.';
  return new ProblemError({ code: 'rate_limited', status: 429, title, retryable: true }, retryAfterSeconds);
}

/** `errors[].pointer` is a JSON pointer into body or query. */
export function invalidRequest(errors: NonNullable<Problem['errors']>): ProblemError {
  return new ProblemError({ code: 'invalid_request', status: 400, title: 'The request is not valid.', errors });
}

export function conflict(code: string, title: string): ProblemError {
  return new ProblemError({ code, status: 409, title });
}

export function unprocessable(code: string, title: string): ProblemError {
  return new ProblemError({ code, status: 422, title });
}
