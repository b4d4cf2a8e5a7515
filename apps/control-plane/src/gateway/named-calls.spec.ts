import { beforeEach, describe, expect, test } from '@jest/globals';
import { serverException } from '#libs/aws-wire';
import type { DispatchResult } from './service-calls.ts';
import { NAMED_CALLS_MAX, NamedCalls } from './named-calls.ts';
import { ResponseMemory } from './response-memory.ts';

let calls: NamedCalls;
let served: number;
beforeEach(() => {
  calls = new NamedCalls(new ResponseMemory());
  served = 0;
});

function send(name: string, result?: DispatchResult): Promise<DispatchResult> {
  return calls.run(name, () => {
    served += 1;
    return Promise.resolve(result ?? { body: `response ${served}` });
  });
}

describe('a call with the id of an earlier one', () => {
  test('gets its response, also while that one is served', async () => {
    const both = await Promise.all([send('a'), send('a')]);
    expect([...both, await send('a')]).toEqual(Array.from({ length: 3 }, () => ({ body: 'response 1' })));
    expect(await send('b')).toEqual({ body: 'response 2' });
  });

  test('is served when that one failed', async () => {
    await send('a', { error: serverException() });
    expect(await send('a')).toEqual({ body: 'response 2' });
    expect(await send('a')).toEqual({ body: 'response 2' });
  });

  test('is served when that one is long ago: the log knows its command for longer', async () => {
    await send('a');
    for (let i = 0; i < NAMED_CALLS_MAX; i++) await send(`${i}`);
    const before = served;
    await send('a');
    expect(served).toBe(before + 1);
  });
});
