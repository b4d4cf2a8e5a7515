// @ts-check
/**
 * Floods the ECS API over NATS as one principal until it gets SIGTERM, then prints how the calls ended. A process of its
 * own, so that the load does not slow the clocks of the test.
 */
import { connect } from '@nats-io/transport-node';

const OUTSTANDING = 3_000;
const { NATS_URL, NATS_USER, NATS_PASSWORD, NATS_INBOX } = process.env;

const nc = await connect({ servers: NATS_URL, user: NATS_USER, pass: NATS_PASSWORD, inboxPrefix: NATS_INBOX });
/** @type {Record<string, number>} */
const outcomes = {};
let calls = 0;
let isEnding = false;
process.once('SIGTERM', () => (isEnding = true));

/** @param {number} value */
const tagged = (value) => ({
  resourceArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default',
  tags: [{ key: 'flood', value: String(value) }],
});

/** @param {number} n */
async function caller(n) {
  while (!isEnding) {
    calls += 1;
    const [operation, input] = n % 3 === 0 ? ['DescribeClusters', {}] : ['TagResource', tagged(calls)];
    const subject = `waybill.cmd.${NATS_USER}.ecs.${operation}`;
    const outcome = await nc.request(subject, JSON.stringify(input), { timeout: 20_000 }).then(
      (response) => response.headers?.get('Nats-Service-Error').split(':')[0] || 'ok',
      (error) => `no response: ${error.name}`,
    );
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    // A client that was told to slow down does, a little.
    if (outcome !== 'ok') await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await Promise.all(Array.from({ length: OUTSTANDING }, (_, n) => caller(n)));
console.log(JSON.stringify(outcomes));
await nc.close();
