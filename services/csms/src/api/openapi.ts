import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ACCESS_TABLE } from './auth/access-table.js';

const SECURITY_SCHEME = 'token';

/** The API's description, made from the schemas that validate: what is documented is what is checked. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Tallywatt')
    .setDescription(
      'Charge points, sessions, and their bills on a consortium ledger. Money in minor units, energy in Wh.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'opaque token, shown once' }, SECURITY_SCHEME)
    .build();
  const document = SwaggerModule.createDocument(app, config);
  for (const [path, item] of Object.entries(document.paths)) annotate(path, item);
  return document;
}

/** Roles and refusals of every operation, from the access table. */
function annotate(path: string, item: object): void {
  for (const [method, operation] of Object.entries(item)) {
    if (!isOperation(operation)) continue;
    const key = `${method.toUpperCase()} ${path.replaceAll(/\{([^}]+)\}/g, ':$1')}`;
    const access = ACCESS_TABLE.get(key);
    if (access === undefined || access === 'public') continue;
    operation.security = [{ [SECURITY_SCHEME]: [] }];
    operation.description = `Roles: ${access.join(', ')}.`;
    operation.responses['4XX'] = { description: 'Problem (RFC 9457)', content: { 'application/problem+json': {} } };
  }
}

interface Operation {
  security?: unknown;
  description?: string;
  responses: Record<string, unknown>;
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'responses' in value;
}

/** `/docs` for people, `/docs-json` for tools. */
export function mountOpenApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    swaggerOptions: { persistAuthorization: false },
  });
}
