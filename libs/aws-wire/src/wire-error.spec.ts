import * as sdk from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { encodeError, modelledError, WireError } from './wire-error.ts';

/** The SDK writes an error as `[-3, namespace, name, { error: 'client' | 'server', httpError? }, …]`. */
function modelledFaults(): { name: string; isServerFault: boolean }[] {
  return Object.values<unknown>(sdk).flatMap((exported) => {
    if (!Array.isArray(exported) || exported[0] !== -3 || exported[2] === 'ECSServiceException') return [];
    return [{ name: String(exported[2]), isServerFault: (exported[3] as { error: string }).error === 'server' }];
  });
}

describe('modelled errors', () => {
  // The JSON protocol of ECS sends every client fault as 400, whatever status the model notes beside it.
  test('are 400, and 500 if the model calls them a fault of the server', () => {
    const faults = modelledFaults();
    expect(faults.length).toBeGreaterThan(30);
    for (const { name, isServerFault } of faults) {
      expect([name, modelledError(name, 'text').httpStatus]).toEqual([name, isServerFault ? 500 : 400]);
    }
  });
});

describe('encodeError', () => {
  test('writes the type without a namespace, the message, then the extra members', () => {
    const error = modelledError('ConflictException', 'text', { resourceIds: ['arn'] });
    expect(encodeError(error)).toBe('{"__type":"ConflictException","message":"text","resourceIds":["arn"]}');
  });

  test('survives any text', () => {
    const message = '"\\\n\u2028\ud800é';
    expect(JSON.parse(encodeError(new WireError('ClientException', message, 400)))).toEqual({
      __type: 'ClientException',
      message,
    });
  });
});
