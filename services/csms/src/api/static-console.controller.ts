import { readFileSync } from 'node:fs';
import { Controller, Get, Header } from '@nestjs/common';

/** Works from src and from dist: both lie two levels below the package. */
const PUBLIC_FOLDER = new URL('../../public/', import.meta.url);
const PAGE = readFileSync(new URL('index.html', PUBLIC_FOLDER), 'utf8');
const SCRIPT = readFileSync(new URL('app.js', PUBLIC_FOLDER), 'utf8');
const ELEMENTS = readFileSync(new URL('elements.js', PUBLIC_FOLDER), 'utf8');
const STYLE = readFileSync(new URL('style.css', PUBLIC_FOLDER), 'utf8');

/** Four fixed files, read once: no path of a request ever reaches the file system. */
@Controller()
export class StaticConsoleController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  page(): string {
    return PAGE;
  }

  @Get('app.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  script(): string {
    return SCRIPT;
  }

  @Get('elements.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  elements(): string {
    return ELEMENTS;
  }

  @Get('style.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  style(): string {
    return STYLE;
  }
}
