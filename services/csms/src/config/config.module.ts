import { readFileSync } from 'node:fs';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ApiConfig } from '../api/api-config.js';
import { ConnectionConfig } from '../connection/connection-config.js';
import { AUTHORISATION_POLICY } from '../sessions/authorisation.js';
import { CSMS_CONFIG, type CsmsConfig } from './csms.config.js';

/** The configuration, and the part of it that each feature asks for. */
@Global()
@Module({})
export class ConfigModule {
  static forConfig(config: CsmsConfig): DynamicModule {
    const providers = [
      { provide: CSMS_CONFIG, useValue: config },
      { provide: ConnectionConfig, useValue: connectionConfig(config) },
      { provide: ApiConfig, useValue: apiConfig(config) },
      { provide: AUTHORISATION_POLICY, useValue: config.authorisation },
    ];
    return { module: ConfigModule, providers, exports: providers };
  }
}

function apiConfig(config: CsmsConfig): ApiConfig {
  const scheme = config.tls === undefined ? 'ws' : 'wss';
  const port = config.tls?.port ?? config.ocpp.port;
  return {
    settlement: config.settlementTcp,
    ocppUrl: config.ocppPublicUrl ?? `${scheme}://${config.ocpp.host}:${port}`,
    pepper: config.pileKeyPepper,
  };
}

function connectionConfig(config: CsmsConfig): ConnectionConfig {
  const { tls } = config;
  const server = { host: config.ocpp.host, port: config.ocpp.port };
  if (tls === undefined) return { server, pepper: config.pileKeyPepper };
  return {
    pepper: config.pileKeyPepper,
    server: {
      ...server,
      tls: {
        port: tls.port,
        certificate: readFileSync(tls.certificateFile),
        key: readFileSync(tls.keyFile),
        ...(tls.clientAuthorityFile === undefined ? {} : { clientAuthority: readFileSync(tls.clientAuthorityFile) }),
      },
    },
  };
}
