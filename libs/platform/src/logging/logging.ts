import type { LoggerService } from '@nestjs/common';
import { destination, pino } from 'pino';
import type { Logger } from 'pino';

/** JSON lines on stderr; stdout belongs to what a person or a script asked for. */
export function createLogger(name: string, level: string): Logger {
  return pino({ name, level, timestamp: pino.stdTimeFunctions.isoTime }, destination({ dest: 2, sync: true }));
}

/** Nest's own lines through the same logger, its start-up chatter as debug. */
export class NestLogger implements LoggerService {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  log(message: unknown, context?: string): void {
    this.#log.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.#log.warn({ context }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    // A failed start is thrown, too: its caller logs it.
    if (rest.at(-1) === 'ExceptionHandler') return;
    this.#log.error({ context: rest.at(-1), stack: rest.length > 1 ? rest[0] : undefined }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.#log.trace({ context }, String(message));
  }
}
