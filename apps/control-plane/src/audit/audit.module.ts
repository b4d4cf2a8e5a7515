import { Inject, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { EngineModule } from '../engine/engine.module.ts';
import { MicroCatalogue } from '../micro/micro-transport.ts';
import { MicroModule } from '../micro/micro.module.ts';
import { AUDIT, AuditController } from './audit.controller.ts';

/** Questions of auditors, about what this process writes. */
@Module({ imports: [EngineModule, MicroModule], controllers: [AuditController] })
export class AuditModule implements OnModuleInit {
  readonly #catalogue: MicroCatalogue;

  constructor(@Inject(MicroCatalogue) catalogue: MicroCatalogue) {
    this.#catalogue = catalogue;
  }

  onModuleInit(): void {
    this.#catalogue.add(AUDIT);
  }
}
