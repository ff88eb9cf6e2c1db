import { Injectable, Logger } from '@nestjs/common';
import { ChargePointStore, type ChargePoint } from '../piles/charge-point.js';
import { isAction, isTransactionAction, type Action } from './actions.js';
import { CallRouter, type CallReply, type InboundCall } from './call.js';
import { andThen, type Eventually } from './eventually.js';
import type { Flag } from './flag.js';
import { FlagCounter } from './flag-counter.js';
import { HandlerRegistry } from './handler-registry.js';
import { StoreUnavailableError } from './handles.decorator.js';
import { asRequest, isJsonObject } from './message-codec.js';
import { OCPP_ERROR_DESCRIPTIONS, OcppError, type OcppErrorCode } from './ocpp-error.js';
import { RequestReader } from './request-reader.js';
import { SchemaValidator } from './schema-validator.js';

const EMPTY_FLAGS: readonly Flag[] = [];

/** The only place that replies: validate, call the handler of the action, validate its answer. */
@Injectable()
export class OcppRouter extends CallRouter {
  private readonly logger = new Logger(OcppRouter.name);

  constructor(
    private readonly handlers: HandlerRegistry,
    private readonly reader: RequestReader,
    private readonly schemas: SchemaValidator,
    private readonly chargePoints: ChargePointStore,
    private readonly flagCounter: FlagCounter,
  ) {
    super();
  }

  override route(call: InboundCall): Eventually<CallReply> {
    try {
      const chargePoint = this.chargePoints.find(call.chargePointId);
      const reply = andThen(chargePoint, (found) => this.answer(call, found));
      return reply instanceof Promise ? reply.catch((thrown: unknown) => this.replyToFailure(call, thrown)) : reply;
    } catch (thrown) {
      return this.replyToFailure(call, thrown);
    }
  }

  private answer(call: InboundCall, chargePoint: ChargePoint | undefined): Eventually<CallReply> {
    const { action } = call;
    // Removed while connected: the socket goes, and its messages with it.
    if (chargePoint === undefined) return { type: 'close', reason: 'not registered' };
    if (!isAction(action)) return error(this.schemas.isStandardAction(action) ? 'NotSupported' : 'NotImplemented');
    const request = this.reader.read(action, call.payload, call.flags, chargePoint.strict);
    if (request.flags.length > 0) this.flagCounter.count(chargePoint.chargePointId, request.flags);
    if (request.fault !== undefined && !(isTransactionAction(action) && isJsonObject(call.payload)))
      return error(request.fault);
    const handler = this.handlers.find(action);
    if (handler === undefined) return error('NotImplemented');
    const response = handler.handle(asRequest(action, request.payload), {
      chargePoint,
      messageId: call.messageId,
      rawFrame: call.rawFrame,
      receivedAtMs: call.receivedAtMs,
      flags: request.flags.length === 0 ? EMPTY_FLAGS : request.flags,
      schemaValid: request.fault === undefined,
    });
    return andThen(response, (payload) => this.resultOf(action, payload));
  }

  private resultOf(action: Action, payload: object): CallReply {
    const fault = this.schemas.fault(action, 'conf', payload);
    if (fault !== undefined) throw new Error(`our own answer to ${action} violates its schema: ${fault}`);
    return { type: 'result', payload };
  }

  /** A transaction message is never answered with CALLERROR: without an answer the pile keeps it and sends it again. */
  private replyToFailure(call: InboundCall, thrown: unknown): CallReply {
    if (thrown instanceof StoreUnavailableError) return { type: 'close', reason: 'store unavailable', outage: true };
    const isTransaction = isTransactionAction(call.action);
    if (thrown instanceof OcppError && !isTransaction) return error(thrown.code);
    this.logger.error({
      message: 'handler failed',
      action: call.action,
      chargePointId: call.chargePointId,
      error: String(thrown),
    });
    return isTransaction ? { type: 'close', reason: 'not stored' } : error('InternalError');
  }
}

function error(code: OcppErrorCode): CallReply {
  return { type: 'error', code, description: OCPP_ERROR_DESCRIPTIONS[code] };
}
