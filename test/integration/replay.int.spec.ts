import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { ecsSigner } from './support/signed-request.ts';
import { holds, testControlPlane } from '../../apps/control-plane/spec/test-control-plane.ts';
import type { TestControlPlane } from '../../apps/control-plane/spec/test-control-plane.ts';

/* A signed call that is sent again, byte for byte or by an SDK, is done once. */

let nats: TestNatsServer;
let controlPlane: TestControlPlane;

beforeAll(async () => {
  nats = await testNatsServer();
  controlPlane = await testControlPlane(nats);
  await holds(() => controlPlane.isReady());
}, 60_000);

afterAll(async () => {
  await controlPlane?.stop();
  await nats?.stop();
}, 60_000);

interface Sent {
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function signed(operation: string, input: object): Promise<Sent> {
  const { endpoint, key } = controlPlane;
  const body = JSON.stringify(input);
  const headers = await ecsSigner(endpoint, key)(operation, body);
  return { headers, body };
}

/** `http.request` sends the signed host, wherever the request goes. */
function send({ headers, body }: Sent, to = controlPlane): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(to.endpoint, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', reject).end(body);
  });
}

const definition = (family: string) => ({
  family,
  containerDefinitions: [{ name: 'web', image: 'web:1', memory: 4 }],
});

async function revisions(family: string): Promise<number> {
  const { text } = await send(await signed('ListTaskDefinitions', { familyPrefix: family }));
  return (JSON.parse(text) as { taskDefinitionArns: string[] }).taskDefinitionArns.length;
}

describe('a signed mutation', () => {
  test('that is replayed is answered with the first response and done once', async () => {
    const call = await signed('RegisterTaskDefinition', definition('replayed'));
    const first = await send(call);
    expect(first.status).toBe(200);
    for (let i = 0; i < 3; i++) expect(await send(call)).toEqual(first);
    const atOnce = await Promise.all([send(call), send(call)]);
    expect(atOnce).toEqual([first, first]);
    expect(await revisions('replayed')).toBe(1);
  });

  test('that was refused stays refused, though it could be done by now', async () => {
    const family = 'later';
    const call = await signed('DeregisterTaskDefinition', { taskDefinition: `${family}:1` });
    const first = await send(call);
    expect(first.status).toBe(400);
    await send(await signed('RegisterTaskDefinition', definition(family)));
    expect(await send(call)).toEqual(first);
    expect(await revisions(family)).toBe(1);
  });

  test('that is signed anew is done again', async () => {
    for (let i = 0; i < 3; i++) await send(await signed('RegisterTaskDefinition', definition('anew')));
    expect(await revisions('anew')).toBe(3);
  });

  test('that is replayed to another process, or after a restart, is done once: its id is in the log', async () => {
    const call = await signed('RegisterTaskDefinition', definition('elsewhere'));
    const first = await send(call);
    const other = await testControlPlane(nats, controlPlane.home);
    try {
      expect(await send(call, other)).toEqual(first);
      expect(await revisions('elsewhere')).toBe(1);
    } finally {
      await other.stop();
    }
  });
});

test('a read may be repeated as often as its signature is valid', async () => {
  const family = `read-${randomUUID()}`;
  const read = await signed('ListTaskDefinitions', { familyPrefix: family });
  expect((await send(read)).text).toContain('"taskDefinitionArns":[]');
  await send(await signed('RegisterTaskDefinition', definition(family)));
  expect((await send(read)).text).toContain(`${family}:1`);
});
