import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { invalidRequest, notFound } from './problem.js';

/** Deeper bodies are refused before any schema walks them; the deepest documented body has five levels. */
export const BODY_DEPTH_MAX = 32;
/** More faults than a person reads at once. */
export const ERRORS_MAX = 20;

/**
 * The one pipe of the API: `@Body({ schema })`, `@Query({ schema })`, `@Param(name, { schema })`.
 * A path id that does not fit its schema cannot exist: it answers as any other nonexistent id does.
 */
export class ApiValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'param') return this.transformParam(value, metadata);
    if (metadata.type === 'body' || metadata.type === 'query') refuseUnstorableText(value, metadata.type);
    const schema = metadata.schema;
    if (schema === undefined || metadata.type === 'custom') return value;
    const result = await this.validate<T>(value ?? {}, schema);
    if (result.issues === undefined) return result.value;
    throw invalidRequest(
      result.issues.slice(0, ERRORS_MAX).map((issue) => ({
        pointer: pointerOf(issue.path),
        code: 'invalid',
        message: issue.message,
      })),
    );
  }

  private async transformParam<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (typeof value === 'string' && !isStorableText(value)) throw notFound();
    if (metadata.schema === undefined) return value;
    const result = await this.validate<T>(value, metadata.schema);
    if (result.issues !== undefined) throw notFound();
    return result.value;
  }
}

const UNSTORABLE = /[\u0000\p{Surrogate}]/u;

/** PostgreSQL text knows no NUL, and a lone surrogate would silently become another character. */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}

function refuseUnstorableText(value: unknown, where: string, depth = 0): void {
  if (depth > BODY_DEPTH_MAX) throw refusal(where, 'too_deep', `nested deeper than ${BODY_DEPTH_MAX} levels`);
  if (typeof value === 'string' && !isStorableText(value)) {
    throw refusal(where, 'text_not_storable', 'NUL characters and lone surrogates are refused');
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    refuseUnstorableText(key, where, depth + 1);
    refuseUnstorableText(item, where, depth + 1);
  }
}

function refusal(where: string, code: string, message: string): Error {
  return invalidRequest([{ pointer: `/${where}`, code, message }]);
}

type IssuePath = ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;

/** JSON pointer (RFC 6901) of an issue. */
function pointerOf(path: IssuePath): string {
  return (path ?? [])
    .map((step) =>
      String(typeof step === 'object' ? step.key : step)
        .replaceAll('~', '~0')
        .replaceAll('/', '~1'),
    )
    .map((step) => `/${step}`)
    .join('');
}
