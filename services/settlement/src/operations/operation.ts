import {
  OPERATION_INPUTS,
  type OperationInput,
  type OperationName,
  type Principal,
  type Role,
} from '@tallywatt/contracts';
import type { z } from 'zod';
import { invalidRequest } from './refusal.js';

/** One operation, ready to be asked: the input is validated inside. */
export interface Operation {
  readonly name: OperationName;
  readonly roles: readonly Role[];
  /** Whether it changes something: then it is written down who asked for it. */
  readonly writes: boolean;
  /** Resolves to the API's JSON body. @throws OperationRefusal, LedgerError */
  readonly run: (input: unknown, principal: Principal) => Promise<unknown>;
}

type Handler<N extends OperationName> = (input: OperationInput<N>, principal: Principal) => Promise<unknown>;

/** An operation that only reads. */
export function reads<N extends OperationName>(name: N, roles: readonly Role[], handler: Handler<N>): Operation {
  return bound(name, roles, false, handler);
}

/** An operation that changes something. */
export function writes<N extends OperationName>(name: N, roles: readonly Role[], handler: Handler<N>): Operation {
  return bound(name, roles, true, handler);
}

/** What is used of a zod schema, so that the operation's name gives the type of its input. */
interface Parser<T> {
  safeParse(
    input: unknown,
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: z.ZodError };
}
const PARSERS: { readonly [N in OperationName]: Parser<OperationInput<N>> } = OPERATION_INPUTS;

function bound<N extends OperationName>(
  name: N,
  roles: readonly Role[],
  isWrite: boolean,
  handler: Handler<N>,
): Operation {
  const parser = PARSERS[name];
  return { name, roles, writes: isWrite, run: async (input, principal) => handler(parsed(parser, input), principal) };
}

function parsed<T>(parser: Parser<T>, input: unknown): T {
  const result = parser.safeParse(input);
  if (result.success) return result.data;
  throw invalidRequest(
    result.error.issues.map((issue) => ({
      pointer: issue.path.map((part) => `/${String(part)}`).join(''),
      code: issue.code,
      message: issue.message,
    })),
  );
}

export const EVERYONE: readonly Role[] = ['operator', 'finance', 'driver', 'supervisor'];
export const STAFF: readonly Role[] = ['operator', 'finance', 'supervisor'];
export const OPERATOR: readonly Role[] = ['operator'];
export const FINANCE: readonly Role[] = ['finance'];
export const SUPERVISOR: readonly Role[] = ['supervisor'];
export const DRIVER: readonly Role[] = ['driver'];
