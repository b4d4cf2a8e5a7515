import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { GetEventsOptions } from 'dockerode';
import type { RuntimeListener } from '#libs/container-runtime';
import { backoffMs } from '#libs/kernel';
import { hearJsonLines, readable } from './json-lines.ts';
import { LABELS, ownerOf } from '../container/labels.ts';
import { member, textMapMember } from './untyped-members.ts';

const RECONNECT_MS_MIN = 250;
const RECONNECT_MS_MAX = 5_000;

/** What ends a container or changes its health. Its start is our own doing and needs no event. */
const EVENTS = ['die', 'oom', 'destroy', 'health_status'];

/** Docker's events of one instance's containers, connected again for as long as it is open. */
export class DockerEventStream {
  readonly #docker: Docker;
  readonly #instanceId: string;
  readonly #listener: RuntimeListener;
  #stream: Readable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(docker: Docker, instanceId: string, listener: RuntimeListener) {
    this.#docker = docker;
    this.#instanceId = instanceId;
    this.#listener = listener;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stream?.destroy();
  }

  #connect(): void {
    const filters: GetEventsOptions['filters'] = {
      type: ['container'],
      event: EVENTS,
      label: [`${LABELS.instanceId}=${this.#instanceId}`],
    };
    this.#docker.getEvents({ filters }).then(
      (stream) => this.#follow(readable(stream)),
      () => this.#connectLater(),
    );
  }

  #follow(stream: Readable): void {
    if (this.#closed) return void stream.destroy();
    this.#stream = stream;
    this.#failures = 0;
    hearJsonLines(
      stream,
      (event) => this.#hear(event),
      () => this.#connectLater(),
    );
    this.#listener.onConnected();
  }

  #hear(event: unknown): void {
    const attributes = textMapMember(member(event, 'Actor'), 'Attributes');
    const owner = ownerOf(attributes, attributes['name'] ?? '');
    if (owner !== undefined) this.#listener.onEvent(owner);
  }

  #connectLater(): void {
    if (this.#closed) return;
    this.#failures += 1;
    const delayMs = backoffMs(this.#failures, RECONNECT_MS_MIN, RECONNECT_MS_MAX);
    this.#timer = setTimeout(() => this.#connect(), delayMs);
  }
}
