import { Inject, Injectable } from '@nestjs/common';
import type { Commit, DomainEvent } from '#libs/kernel';
import type { ProcessOutlet } from '../engine/outlets.ts';
import { PROCESS } from '../process/process.module.ts';
import type { ProcessOptions } from '../process/process.module.ts';
import { PublicEventPublisher } from './public-event-publisher.ts';

/** Lets the publisher work while this process writes: it begins and ends in turns that follow each other. */
@Injectable()
export class PublicEventsOutlet implements ProcessOutlet {
  readonly #publisher: PublicEventPublisher;
  readonly #onFatal: (error: Error) => void;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    @Inject(PublicEventPublisher) publisher: PublicEventPublisher,
    @Inject(PROCESS) { onFatal }: ProcessOptions,
  ) {
    this.#publisher = publisher;
    this.#onFatal = onFatal;
  }

  open(): void {
    this.#takeTurn(() => this.#publisher.activate());
  }

  close(): void {
    this.#takeTurn(() => this.#publisher.deactivate());
  }

  shardOpened(): void {}

  committed(): void {}

  delivered(commit: Commit<DomainEvent>, streamRevision: number): void {
    this.#publisher.onCommit(commit, streamRevision);
  }

  settled(): Promise<void> {
    return this.#turn;
  }

  #takeTurn(act: () => Promise<void>): void {
    this.#turn = this.#turn.then(act).catch((error: unknown) => {
      this.#onFatal(error instanceof Error ? error : new Error(String(error)));
    });
  }
}
