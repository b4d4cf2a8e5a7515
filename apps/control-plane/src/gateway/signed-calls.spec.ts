import { beforeEach, describe, expect, test } from '@jest/globals';
import { serverException, throttling, WireError } from '#libs/aws-wire';
import type { DispatchResult } from './service-calls.ts';
import { RESPONSE_CHARACTERS_KEPT_MAX, ResponseMemory } from './response-memory.ts';
import { EQUAL_CALLS_MAX, EQUAL_CALLS_MS_MAX, SignedCalls } from './signed-calls.ts';

const VALID_MS = 300_000;
const SIGNATURES_MAX = 100;

let now: number;
let calls: SignedCalls;
/** The ids of the calls that were served, in order. */
let served: string[];

beforeEach(() => {
  now = 1_000_000;
  calls = new SignedCalls(new ResponseMemory(), () => now, SIGNATURES_MAX);
  served = [];
});

function send(
  signature: string,
  invocationId?: string,
  result: DispatchResult = { body: `response ${served.length + 1}` },
): Promise<DispatchResult> {
  const signedAt = Math.floor(now / 1_000) * 1_000;
  return resend(signature, signedAt, invocationId, result);
}

function resend(
  signature: string,
  signedAt: number,
  invocationId?: string,
  result: DispatchResult = { body: `response ${served.length + 1}` },
): Promise<DispatchResult> {
  return calls.run({ signature, signedAt, validUntil: signedAt + VALID_MS, invocationId }, (callId) => {
    served.push(callId);
    return Promise.resolve(result);
  });
}

describe('a call that is sent again with its signature', () => {
  test('is served once; every sender gets the first response', async () => {
    const [first, meanwhile] = await Promise.all([send('a'), send('a')]);
    now += 10_000;
    expect([first, meanwhile, await send('a')]).toEqual(Array.from({ length: 3 }, () => ({ body: 'response 1' })));
    expect(served).toEqual([expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)]);
  });

  test('was refused, and is refused again, however things have changed since', async () => {
    const refused = { error: new WireError('ClientException', 'no', 400) };
    expect(await send('a', undefined, refused)).toBe(refused);
    expect(await send('a')).toBe(refused);
  });

  test.each([serverException(), throttling()])('is served again when it was not: %#', async (error) => {
    await send('a', undefined, { error });
    expect(await send('a')).toEqual({ body: 'response 2' });
    expect(served[1]).toBe(served[0]);
  });

  test('with the invocation id of its SDK, which retries', async () => {
    await send('a', 'x');
    expect(await send('a', 'x')).toEqual({ body: 'response 1' });
  });

  test('is refused when its response was too much to keep', async () => {
    await send('a');
    await send('b', undefined, { body: 'x'.repeat(RESPONSE_CHARACTERS_KEPT_MAX) });
    expect(await send('a')).toMatchObject({ error: { type: 'InvalidSignatureException' } });
    expect(served).toHaveLength(2);
  });
});

describe('equal calls of one second, which have one signature', () => {
  test('are told apart by the invocation ids of their SDK', async () => {
    expect(await send('a', 'x')).toEqual({ body: 'response 1' });
    expect(await send('a', 'y')).toEqual({ body: 'response 2' });
    expect(await send('a', 'y')).toEqual({ body: 'response 2' });
    expect(new Set(served).size).toBe(2);
  });

  test('are not, when no SDK says that they are two', async () => {
    await send('a', 'x');
    expect(await send('a')).toEqual({ body: 'response 1' });
  });

  test('are not any more when that second has passed', async () => {
    await send('a', 'x');
    now += EQUAL_CALLS_MS_MAX + 1;
    expect(await resend('a', 1_000_000, 'y')).toEqual({ body: 'response 1' });
    expect(served).toHaveLength(1);
  });

  test('are not too many', async () => {
    for (let i = 0; i < EQUAL_CALLS_MAX + 50; i++) await send('a', `${i}`);
    expect(served).toHaveLength(EQUAL_CALLS_MAX);
  });
});

describe('the memory of signatures', () => {
  test('is bounded: calls of a time that may be forgotten are refused, newer ones are served', async () => {
    const signedAt = now;
    await resend('first', signedAt);
    now += 1_000;
    for (let i = 0; i < SIGNATURES_MAX; i++) await send(`${i}`);
    expect(await resend('first', signedAt)).toMatchObject({ error: { type: 'InvalidSignatureException' } });
    expect(await resend('never seen', signedAt)).toMatchObject({ error: { type: 'InvalidSignatureException' } });
    expect(await send('new')).toHaveProperty('body');
  });

  test('ends with the signature, without refusing any', async () => {
    const signedAt = now;
    await resend('old', signedAt);
    now += VALID_MS + 1;
    await send('new');
    expect(await resend('of that time', signedAt)).toHaveProperty('body');
  });
});
