import type { Problem } from '@tallywatt/contracts';

/** An operation says no; the dispatcher turns it into `Answer.problem`. */
export class OperationRefusal extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.code}`);
  }
}

/** One body for "does not exist" and "is not yours": the two must not be told apart (reliability.md section 8). */
export function notFound(): OperationRefusal {
  return new OperationRefusal({ code: 'not_found', status: 404, title: 'There is nothing at this address for you.' });
}

export function forbiddenRole(): OperationRefusal {
  const title = 'The role of this token may not do this.';
  return new OperationRefusal({ code: 'forbidden_role', status: 403, title });
}

export function forbiddenOrganisation(): OperationRefusal {
  const title = 'The token may act for its own organisation only.';
  return new OperationRefusal({ code: 'forbidden_organisation', status: 403, title });
}

/** `errors[].pointer` is a JSON pointer into the operation's input. */
export function invalidRequest(errors: NonNullable<Problem['errors']>): OperationRefusal {
  return new OperationRefusal({ code: 'invalid_request', status: 400, title: 'The request is not valid.', errors });
}

export function invalidField(pointer: string, code: string, message: string): OperationRefusal {
  return invalidRequest([{ pointer, code, message }]);
}

/** The resource is there already, as it was asked for or as somebody else's. */
export function alreadyExists(title = 'It exists already.'): OperationRefusal {
  return new OperationRefusal({ code: 'ALREADY_EXISTS', status: 409, title });
}

export function conflict(code: string, title: string): OperationRefusal {
  return new OperationRefusal({ code, status: 409, title });
}

/** An external reference names one movement for good (finance.md section 7: same key, other body). */
export function referenceUsed(): OperationRefusal {
  const title = 'The reference names another movement.';
  return new OperationRefusal({ code: 'REFERENCE_USED', status: 422, title });
}
