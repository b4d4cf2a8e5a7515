import type { JournalRoom } from '#libs/event-store-jetstream';
import type { Logger } from 'pino';
import type { Metrics } from '../health/metrics.ts';

const INTERVAL_MS = 10_000;

/** Follows how much room the journal has, and says so long before its end. */
export class RoomWatch {
  readonly #read: () => Promise<JournalRoom | null>;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  #room: JournalRoom | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { read: () => Promise<JournalRoom | null>; metrics: Metrics; log: Logger }) {
    this.#read = options.read;
    this.#metrics = options.metrics;
    this.#log = options.log;
  }

  get level(): JournalRoom['level'] | 'unknown' {
    return this.#room?.level ?? 'unknown';
  }

  /** Where the journal's files are, as far as it is known. */
  get storeFolder(): string {
    return this.#room?.storeFolder ?? 'the store_dir of nats-server';
  }

  /** Looks once, then again and again. */
  async start(): Promise<void> {
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    let room: JournalRoom | null;
    try {
      room = await this.#read();
    } catch {
      // A server that is away is noticed elsewhere; what was known stays the best guess.
      return;
    }
    if (room === null) return;
    const before = this.#room?.level ?? 'ok';
    this.#room = room;
    this.#metrics.journalBytes.set(room.usedBytes);
    this.#metrics.journalRoomBytes.set(room.roomBytes);
    this.#metrics.journalUsedRatio.set(room.usedRatio);
    if (room.level === before) return;
    if (room.level === 'full') this.#log.error(`no more commits can be recorded: ${room.text}`);
    else if (room.level === 'low') this.#log.warn(room.text);
    else this.#log.info(room.text);
  }
}
