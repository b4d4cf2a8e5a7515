// @ts-check
/**
 * Floods the ECS API as one principal, over NATS or HTTP, until it gets SIGTERM; then prints how the calls ended. A process of
 * its own, so that the load does not slow the clocks of the test.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';

const CALLERS = 3_000;
const { FLOOD_OVER, NATS_URL, NATS_USER, NATS_PASSWORD, NATS_INBOX, PORT, ACCESS_KEY_ID, SECRET_ACCESS_KEY } =
  process.env;

/** @type {Record<string, number>} */
const outcomes = {};
let calls = 0;
const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());

/** @typedef {(operation: string, body: string) => Promise<string>} Send how a call ended: `ok` or the type of the error */

/** @returns {Promise<Send>} */
async function overNats() {
  const nc = await connect({ servers: NATS_URL, user: NATS_USER, pass: NATS_PASSWORD, inboxPrefix: NATS_INBOX });
  return async (operation, body) => {
    const response = await nc.request(`waybill.cmd.${NATS_USER}.ecs.${operation}`, body, { timeout: 20_000 });
    return response.headers?.get('Nats-Service-Error').split(':')[0] || 'ok';
  };
}

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
/** @type {(key: string | Buffer, text: string) => Buffer} */
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/** @type {(operation: string, body: string) => Record<string, string>} */
function signed(operation, body) {
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/ecs/aws4_request`;
  const host = `127.0.0.1:${PORT}`;
  const target = `AmazonEC2ContainerServiceV20141113.${operation}`;
  const names = 'host;x-amz-date;x-amz-target';
  const canonical = `POST\n/\n\nhost:${host}\nx-amz-date:${time}\nx-amz-target:${target}\n\n${names}\n${sha256(body)}`;
  const key = scope.split('/').reduce(hmac, /** @type {string | Buffer} */ (`AWS4${SECRET_ACCESS_KEY}`));
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return {
    host,
    'x-amz-date': time,
    'x-amz-target': target,
    'amz-sdk-invocation-id': randomUUID(),
    authorization: `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** @returns {Send} */
function overHttp() {
  const agent = new http.Agent({ keepAlive: true });
  return (operation, body) =>
    new Promise((resolve, reject) => {
      const options = {
        agent,
        host: '127.0.0.1',
        port: PORT,
        method: 'POST',
        path: '/',
        headers: signed(operation, body),
      };
      const request = http.request(options, (response) => {
        response.resume().on('end', () => resolve(String(response.headers['x-amzn-errortype'] ?? 'ok')));
      });
      request.on('error', reject).end(body);
    });
}

/** @type {(send: Send, n: number) => Promise<void>} */
async function caller(send, n) {
  while (!ending.signal.aborted) {
    calls += 1;
    const tags = [{ key: 'flood', value: String(calls) }];
    const tagged = { resourceArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default', tags };
    const [operation, input] = n % 3 === 0 ? ['DescribeClusters', {}] : ['TagResource', tagged];
    const outcome = await send(operation, JSON.stringify(input)).catch(
      (error) => `no response: ${error.code ?? error.name}`,
    );
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    // A client that was told to slow down does, a little.
    if (outcome !== 'ok') await pause(100);
  }
}

const send = FLOOD_OVER === 'http' ? overHttp() : await overNats();
await Promise.all(Array.from({ length: CALLERS }, (_, n) => caller(send, n)));
console.log(JSON.stringify(outcomes));
process.exit(0);
