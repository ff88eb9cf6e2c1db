import { Controller, Get } from '@nestjs/common';
import type { Principal } from '@tallywatt/contracts';
import { Caller, type RequestContext } from './request-context.js';

/** Who a token is, so that a page can say it. */
@Controller('v1/me')
export class MeController {
  @Get()
  me(@Caller() caller: RequestContext): Principal {
    return caller.principal;
  }
}
