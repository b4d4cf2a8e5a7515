import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Engine } from '#libs/engine';
import { PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { EngineDamage } from './engine-damage.ts';
import { PeerCommands } from './nats-peers.ts';
import { Outlets } from './outlets.ts';

/** Starts the engine when every module is there, and stops it when no request comes in any more. */
@Injectable()
export class EngineRun implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #engine: Engine;
  readonly #peerCommands: PeerCommands;
  readonly #outlets: Outlets;
  readonly #damage: EngineDamage;
  readonly #options: ProcessOptions;

  constructor(
    @Inject(Engine) engine: Engine,
    @Inject(PeerCommands) peerCommands: PeerCommands,
    @Inject(Outlets) outlets: Outlets,
    @Inject(EngineDamage) damage: EngineDamage,
    @Inject(PROCESS) options: ProcessOptions,
  ) {
    this.#engine = engine;
    this.#peerCommands = peerCommands;
    this.#outlets = outlets;
    this.#damage = damage;
    this.#options = options;
  }

  /** Resolves when the views have caught up; the lease is run for meanwhile. @throws LogDamaged */
  async onApplicationBootstrap(): Promise<void> {
    await this.#damage.during((started) => this.#engine.start(started));
    if (this.#options.roles.has('writer')) this.#peerCommands.open();
  }

  /** Stops writing first, then everything else; the lease is free at once for the next process. */
  async onApplicationShutdown(): Promise<void> {
    this.#peerCommands.close();
    await new Promise<void>((resolve) => this.#engine.stop(resolve));
    await this.#outlets.settled();
  }
}
