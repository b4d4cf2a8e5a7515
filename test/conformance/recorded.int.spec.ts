import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ecsSigner } from '../integration/support/signed-request.ts';
import { readRecorded, recordedTopics } from './support/recorded-file.ts';
import { playRecorded } from './support/recorded-run.ts';
import type { WireCall } from './support/recorded-run.ts';
import { Served } from './support/served.ts';

/* What ECS itself returned, file by file, against a real control plane with simulated hosts. README.md has the form. */

jest.setTimeout(120_000);

const CALL_TIMEOUT_MS = 10_000;

let served: Served;
let call: WireCall;
beforeAll(async () => {
  served = await Served.start();
  const sign = ecsSigner(served.endpoint, served.key);
  call = async (operation, input) => {
    const body = JSON.stringify(input);
    const headers = await sign(operation, body);
    const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const response = await fetch(served.endpoint, { method: 'POST', headers, body, signal });
    return { status: response.status, body: await response.json() };
  };
});
afterAll(() => served.stop());

describe('recorded responses', () => {
  test.each(recordedTopics())('%s', async (topic) => {
    await playRecorded(topic, readRecorded(topic), call);
  });

  test('led to no warning', () => {
    expect(served.unexpectedWarnings).toEqual([]);
  });
});
