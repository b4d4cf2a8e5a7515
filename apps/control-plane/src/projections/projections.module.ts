import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Engine } from '#libs/engine';
import type { BoundedContext, ContextViews } from '#libs/kernel';
import { EngineModule } from '../engine/engine.module.ts';

/** The views of a context by its name, to be injected. */
export function viewsOf(context: string): string {
  return `ContextViews of ${context}`;
}

/** The views that the engine keeps of each context, as one provider each. */
@Module({})
export class ProjectionsModule {
  static forContexts(contexts: readonly BoundedContext[]): DynamicModule {
    const providers = contexts.map(({ name }) => ({
      provide: viewsOf(name),
      inject: [Engine],
      useFactory: (engine: Engine): ContextViews => {
        const running = engine.contexts.find(({ context }) => context.name === name);
        if (running === undefined) throw new Error(`the engine does not run ${name}`);
        return running.views;
      },
    }));
    return {
      module: ProjectionsModule,
      imports: [EngineModule],
      providers,
      exports: [EngineModule, ...providers.map(({ provide }) => provide)],
    };
  }
}
