/** The application, and the way in behind its sockets: for harnesses that run it in their own process. */
export { CsmsModule } from './csms.module.js';
export { readCsmsConfig } from './config/csms.config.js';
export { SYSTEM_CLOCK } from './connection/clock.js';
export { ConnectionEvents } from './connection/connection-log.js';
export { ConnectionRegistry } from './connection/connection-registry.js';
export { FrameLog } from './connection/pile-caller.js';
export { PileConnection } from './connection/pile-connection.js';
export type { PileSocket } from './connection/pile-connection.js';
export { CallRouter } from './ocpp/call.js';
export { migrate } from './persistence/migrate.js';
export { ChargePointStore } from './piles/charge-point.js';
export type { ChargePoint } from './piles/charge-point.js';
