import { jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';

const STREAM = 'BENCH_RAW';
const subjectOf = (name: string): string => `waybill.bench.${name}`;

/** A stream beside the journal on the same server, for the raw limit: synced like it, but nothing encoded or hashed. */
export async function openRawStream(nc: NatsConnection): Promise<void> {
  const jsm = await jetstreamManager(nc);
  await jsm.streams.add({ name: STREAM, subjects: [subjectOf('>')] });
}

/** Appends one message at a time with the expected sequence for so long; returns the milliseconds each took. */
export async function appendSerially(
  nc: NatsConnection,
  name: string,
  payload: Uint8Array,
  seconds: number,
): Promise<number[]> {
  const endAt = performance.now() + seconds * 1_000;
  const took: number[] = [];
  let last = 0;
  for (let now = performance.now(); now < endAt;) {
    const expected = headers();
    expected.set('Nats-Expected-Last-Subject-Sequence', String(last));
    const ack = await nc.request(subjectOf(name), payload, { headers: expected, timeout: 5_000 });
    last = ack.json<{ seq: number }>().seq;
    const after = performance.now();
    took.push(after - now);
    now = after;
  }
  return took;
}
