import type { KV } from '@nats-io/kv';
import type { Cursors } from '#libs/engine';

/** Positions in a KV bucket, as text. */
export class KvCursors implements Cursors {
  readonly #bucket: KV;

  constructor(bucket: KV) {
    this.#bucket = bucket;
  }

  read(name: string, done: (position: number) => void, failed: (error: Error) => void): void {
    this.#bucket.get(name).then((entry) => done(entry === null ? 0 : Number(entry.string())), failed);
  }

  write(name: string, position: number, done: () => void, failed: (error: Error) => void): void {
    this.#bucket.put(name, String(position)).then(done, failed);
  }
}
