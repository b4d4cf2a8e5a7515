import { describe, expect, test } from '@jest/globals';
import type { MicroRequest } from '../micro/micro-transport.ts';
import { FingerprintRequestPipe } from './fingerprint-request.ts';

const transform = (text: string) => {
  const payload = Buffer.from(text);
  const message: MicroRequest = {
    operation: 'GetShardFingerprint',
    principal: 'root',
    payload,
    messageId: undefined,
    correlationId: undefined,
    traceParent: undefined,
  };
  return new FingerprintRequestPipe().transform(message);
};

describe('the request for a fingerprint', () => {
  test('names a shard', () => {
    expect(transform('{"shard":"ecs.1"}')).toEqual({ shard: 'ecs.1' });
  });

  test.each(['', 'null', '[]', '"ecs.1"', '{}', '{"shard":1}', '{"shard":'])('%j is refused', (text) => {
    expect(transform(text)).toMatchObject({ type: 'InvalidParameterException' });
  });
});
