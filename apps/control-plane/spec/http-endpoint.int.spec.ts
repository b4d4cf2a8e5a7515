import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sha256, testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { holds, testControlPlane } from './test-control-plane.ts';
import type { TestControlPlane } from './test-control-plane.ts';

/* What the HTTP endpoint does with what is no ordinary call, byte by byte. */

const TARGET = 'AmazonEC2ContainerServiceV20141113.ListClusters';

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

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The text of an HTTP request, signed by hand for one address and sent to another. */
function signed(options: { address?: string; signedAddress?: string; body?: string; service?: string }): string {
  const { address = '/', signedAddress = address, body = '{}', service = 'ecs' } = options;
  const host = new URL(controlPlane.endpoint).host;
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const [path = '/', query = ''] = signedAddress.split('?', 2);
  const headers = `host:${host}\nx-amz-date:${time}\nx-amz-target:${TARGET}\n`;
  const names = 'host;x-amz-date;x-amz-target';
  const canonical = `POST\n${path}\n${query}\n${headers}\n${names}\n${sha256(body)}`;
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${controlPlane.key.secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return (
    `POST ${address} HTTP/1.1\r\nHost: ${host}\r\nX-Amz-Date: ${time}\r\nX-Amz-Target: ${TARGET}\r\n` +
    `Authorization: AWS4-HMAC-SHA256 Credential=${controlPlane.key.accessKeyId}/${scope}, SignedHeaders=${names}, ` +
    `Signature=${signature}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  );
}

function open(): Socket {
  return connect(Number(new URL(controlPlane.endpoint).port), '127.0.0.1');
}

interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly text: string;
}

function responseTo(bytes: string, socket = open()): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      resolve({ status: Number(head.split(' ')[1]), head, body, text });
    });
    socket.write(bytes);
  });
}

describe('the address', () => {
  test('a signed call is served', async () => {
    expect(await responseTo(signed({}))).toMatchObject({ status: 200, body: expect.stringContaining('clusterArns') });
  });

  test.each(['/??a=b', '/?a=b', '/?a=b?c=d', '/?/'])('a signature for / is none for %s', async (address) => {
    const { status, body } = await responseTo(signed({ address, signedAddress: '/' }));
    expect({ status, ...(JSON.parse(body) as object) }).toMatchObject({
      status: 400,
      __type: 'InvalidSignatureException',
    });
  });

  test.each([
    ['another path', '/x'],
    ['two slashes', '//'],
    ['an absolute address', 'http://127.0.0.1/'],
    ['an escape that is none', '/%zz'],
  ])('%s is refused in JSON', async (_, address) => {
    const { status, head, body } = await responseTo(signed({ address }));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(head.toLowerCase()).toContain('content-type: application/x-amz-json-1.1');
    expect(JSON.parse(body)).toMatchObject({ __type: expect.any(String), message: expect.any(String) });
  });
});

describe('bytes that are no call', () => {
  test.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['an unknown method', 'PLAY / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a method without a meaning here', 'PROPFIND / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404],
    ['no host', 'POST / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['headers without an end', `POST / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a content type that is none',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ;;\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
      400,
    ],
    [
      'an expectation',
      'POST / HTTP/1.1\r\nHost: a\r\nExpect: the-best\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      417,
    ],
  ])('%s: AWS JSON', async (_, bytes, status) => {
    const response = await responseTo(bytes);
    expect(response.status).toBe(status);
    expect(response.head.toLowerCase()).toContain('content-type: application/x-amz-json-1.1');
    expect(JSON.parse(response.body)).toMatchObject({
      __type: expect.stringMatching(/^\w+$/),
      message: expect.any(String),
    });
  });

  test('a body that never arrives whole is the fault of the client, and no error of ours', async () => {
    const before = controlPlane.logged.length;
    for (const bytes of [signed({ body: 'x'.repeat(100_000) }).slice(0, -50_000), signed({}).slice(0, -1)]) {
      const socket = open();
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }
    expect((await responseTo(signed({}))).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(controlPlane.logged.slice(before)).toEqual([]);
  });
});

test('a call to a process that stops is told to come back, in AWS JSON', async () => {
  const other = await testControlPlane(nats);
  const socket = connect(Number(new URL(other.endpoint).port), '127.0.0.1');
  // A request that is under way keeps its connection open while the process stops.
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopped = other.stop();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const next = `POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: ${TARGET}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`;
  const { text } = await responseTo(`}${next}`, socket);
  await stopped;
  const response = text.slice(text.indexOf('HTTP/1.1 503'));
  expect(response.toLowerCase()).toContain('content-type: application/x-amz-json-1.1');
  expect(response.split('\r\n\r\n')[1]).toBe(
    '{"__type":"ServiceUnavailableException","message":"Service Unavailable. Please try again later."}',
  );
}, 30_000);

test('a request that never ends keeps a process from stopping for a few seconds only', async () => {
  const other = await testControlPlane(nats);
  const socket = connect(Number(new URL(other.endpoint).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const startedAt = performance.now();
  await other.stop();
  expect(performance.now() - startedAt).toBeLessThan(15_000);
}, 30_000);
