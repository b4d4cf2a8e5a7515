import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Locale } from '#libs/kernel';
import type { Settings } from '#libs/platform';
import type { Logger } from 'pino';
import { Metrics } from '../health/metrics.ts';
import type { Leases } from '../journal/lease/lease-thread.ts';
import { Closers } from './closers.ts';
import type { Role } from './roles.ts';

/** What this process is given by its start. */
export interface ProcessOptions {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly roles: ReadonlySet<Role>;
  readonly log: Logger;
  /** Nothing can be served any more: the process has to end. */
  readonly onFatal: (error: Error) => void;
  /** Where leases come from; by default they are kept by this thread, over the connection of everything else. */
  readonly leases?: Leases;
}

export const PROCESS = Symbol('ProcessOptions');
export const LOCALE = Symbol('Locale');
export const LOG = Symbol('Logger');

/** What every module may need. */
@Module({})
export class ProcessModule {
  static with(options: ProcessOptions, closers: Closers): DynamicModule {
    const { account, region } = options.settings;
    const locale: Locale = { account, region };
    return {
      module: ProcessModule,
      global: true,
      providers: [
        { provide: PROCESS, useValue: options },
        { provide: LOCALE, useValue: locale },
        { provide: LOG, useValue: options.log },
        { provide: Closers, useValue: closers },
        Metrics,
      ],
      exports: [PROCESS, LOCALE, LOG, Closers, Metrics],
    };
  }
}
