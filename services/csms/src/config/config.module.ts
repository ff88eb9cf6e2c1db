import { readFileSync } from 'node:fs';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Transport, type ClientOptions } from '@nestjs/microservices';
import { redisTransport } from '@tallywatt/backing-services/redis-transport';
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
    settlement: settlementClient(config),
    ocppUrl: config.ocppPublicUrl ?? `${scheme}://${config.ocpp.host}:${port}`,
    pepper: config.pileKeyPepper,
  };
}

function settlementClient({ redisUrl, settlementTcp }: CsmsConfig): ClientOptions {
  return redisUrl === undefined
    ? { transport: Transport.TCP, options: settlementTcp }
    : { transport: Transport.REDIS, options: redisTransport(redisUrl) };
}

function connectionConfig(config: CsmsConfig): ConnectionConfig {
  const { tls, redisUrl } = config;
  const server = { host: config.ocpp.host, port: config.ocpp.port };
  const shared = {
    pepper: config.pileKeyPepper,
    ...(redisUrl === undefined ? {} : { redis: { url: redisUrl, transport: redisTransport(redisUrl) } }),
  };
  if (tls === undefined) return { ...shared, server };
  return {
    ...shared,
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
