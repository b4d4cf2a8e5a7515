import { expect, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { MESSAGE_BYTES_MAX } from '#libs/subjects';
import { pino } from 'pino';
import { boundedPayload, publishBounded } from './bounded-payload.ts';

const log = pino({ level: 'silent' });

test('a message is as large as its bytes, not as its characters', () => {
  expect(boundedPayload('x'.repeat(MESSAGE_BYTES_MAX), 'subject', log)).toHaveLength(MESSAGE_BYTES_MAX);
  expect(boundedPayload('x'.repeat(MESSAGE_BYTES_MAX + 1), 'subject', log)).toBeNull();
  expect(boundedPayload('€'.repeat(MESSAGE_BYTES_MAX / 2), 'subject', log)).toBeNull();
});

test('what is too large, or comes when the connection is closed, is not sent and throws nothing', () => {
  const sent: string[] = [];
  const connection = (isClosed: boolean) =>
    ({ isClosed: () => isClosed, publish: (subject: string) => void sent.push(subject) }) as unknown as NatsConnection;
  publishBounded(connection(false), 'a', 'x', log);
  publishBounded(connection(false), 'b', 'x'.repeat(MESSAGE_BYTES_MAX + 1), log);
  publishBounded(connection(true), 'c', 'x', log);
  expect(sent).toEqual(['a']);
});
