import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One node of the official 1.6 schemas: the keywords that they use, and no others. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly format?: string;
}

interface PackedSchema extends SchemaNode {
  readonly $id: string;
  readonly $schema: string;
}

const SCHEMA_PACKAGE_FILE = 'ocpp-rpc/lib/schemas/ocpp1_6.json';

/**
 * The official schemas by `Action.req` and `Action.conf`, read from the package that carries them (its code is not
 * loaded). `$id` and `$schema` are removed: ajv 8.20 refuses the `urn:` ids.
 */
export function loadOfficialSchemas(): ReadonlyMap<string, SchemaNode> {
  const path = createRequire(import.meta.url).resolve(SCHEMA_PACKAGE_FILE);
  const packed = JSON.parse(readFileSync(path, 'utf8')) as readonly PackedSchema[];
  return new Map(packed.map(({ $id, $schema: _draft, ...schema }) => [$id.replace(/^urn:/, ''), schema]));
}
