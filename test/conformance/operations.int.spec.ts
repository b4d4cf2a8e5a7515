import * as sdk from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { findOutputFault } from '#libs/aws-wire';
import { ecsService } from '#libs/ecs/messages';
import { commands } from '#libs/subjects';
import { ecs as context } from '#contexts/ecs';
import { expectReplayEqual } from '../integration/support/recorded.ts';
import { inputsOf, SEEN } from './support/inputs.ts';
import { Served } from './support/served.ts';

/* Every operation of the model, asked over NATS: an answer of the model's shape or an error of the model, never a defect. */

jest.setTimeout(60_000);

const RANDOM_MS = 10_000;
const RUNS_MAX = 1_000_000;
const OPERATIONS = Object.keys(ecsService.shapes.operations);
const SERVED = [...context.operations.keys()].sort();
/** Errors of the protocol itself, which the model of ECS does not list. */
const PROTOCOL_ERRORS = ['SerializationException'];

const APP = { name: 'app', image: 'app:1', memory: 32 };
/** Requests that are accepted, so that the random ones meet a cluster in which something happens. */
const USEFUL: readonly { readonly operation: string; readonly input: object }[] = [
  { operation: 'RegisterTaskDefinition', input: { family: 'web', containerDefinitions: [APP] } },
  { operation: 'CreateCluster', input: { clusterName: 'default' } },
  { operation: 'RunTask', input: { taskDefinition: 'web', count: 2, clientToken: 'again and again' } },
  { operation: 'RunTask', input: { taskDefinition: 'web' } },
  { operation: 'CreateService', input: { serviceName: 'web', taskDefinition: 'web', desiredCount: 2 } },
  { operation: 'UpdateService', input: { service: 'web', taskDefinition: 'web', desiredCount: 3 } },
  { operation: 'DeleteService', input: { service: 'web', force: true } },
];

let served: Served;
let ecs: sdk.ECSClient;
beforeAll(async () => {
  served = await Served.start();
  const { endpoint, key } = served;
  ecs = new sdk.ECSClient({ endpoint, region: 'us-east-1', credentials: key, maxAttempts: 1 });
});
afterAll(async () => {
  ecs.destroy();
  await served.stop();
});

/** Arns seen in answers, by kind. */
const seen: Record<string, string[]> = { task: [], containerInstance: [] };

type Answer = { readonly output: unknown } | { readonly type: string; readonly message: string };

async function ask(operation: string, input: object): Promise<Answer> {
  const text = JSON.stringify(input, (_, value: unknown) => (typeof value === 'string' ? filledIn(value) : value));
  const message = await served.root.request(commands.request('root', 'ecs', operation), text, { timeout: 10_000 });
  const body = message.json<Record<string, unknown>>();
  const error = message.headers?.get('Nats-Service-Error') ?? '';
  if (error === '') {
    remember(body);
    return { output: body };
  }
  // A header is one line and is trimmed; the body has the whole text.
  const type = String(body['__type']);
  const whole = body['message'] === '' ? type : `${type}: ${String(body['message'])}`;
  expect(error.replaceAll(/\s/g, '')).toBe(whole.replaceAll(/\s/g, ''));
  return { type, message: error.slice(`${type}: `.length) };
}

/** The error of `{}` over HTTP. */
async function errorNameOverHttp(operation: string): Promise<string> {
  const Command = Reflect.get(sdk, `${operation}Command`) as new (input: object) => sdk.ListClustersCommand;
  return ecs.send(new Command({})).then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}

function filledIn(text: string): string {
  const [, kind = '', index] = SEEN.exec(text) ?? [];
  const known = seen[kind] ?? [];
  return known[Number(index) % Math.max(1, known.length)] ?? text;
}

function remember(body: Readonly<Record<string, unknown>>): void {
  for (const [, kind, arn] of JSON.stringify(body).matchAll(/"(task|containerInstance)Arn":"([^"]+)"/g)) {
    const arns = seen[kind ?? ''];
    if (arns !== undefined && arn !== undefined && !arns.includes(arn)) arns.push(arn);
  }
}

/** What is wrong with an answer, or undefined. */
function faultOf(operation: string, answer: Answer): string | undefined {
  if ('output' in answer) return findOutputFault(ecsService, operation, answer.output);
  // A member that was left out has no place in a text.
  if (/\bundefined\b|\[object /.test(answer.message)) return `${answer.type}: ${answer.message}`;
  // A 500 is what a broken invariant and a lost shard end in.
  if (answer.type === 'ServerException') return `${answer.type}: ${answer.message}`;
  const isModelled = Object.hasOwn(sdk, answer.type) && answer.type.endsWith('Exception');
  return isModelled || PROTOCOL_ERRORS.includes(answer.type) ? undefined : `${answer.type}: ${answer.message}`;
}

describe('every operation', () => {
  test('that is served is in the model', () => {
    expect(SERVED.filter((name) => !OPERATIONS.includes(name))).toEqual([]);
    expect(SERVED.length).toBeGreaterThan(30);
  });

  test('quotes a text of several lines in its error, in one header line', async () => {
    const resourceArn = 'two\r\nNats-Service-Error-Code: 200';
    const answer = await ask('ListTagsForResource', { resourceArn });
    expect(answer).toMatchObject({ type: 'InvalidParameterException', message: expect.stringContaining('two Nats-') });
  });

  test('refuses a tag without a key and goes on', async () => {
    const { resourceArn, tags } = { resourceArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default', tags: [{}] };
    expect(await ask('TagResource', { resourceArn, tags })).toMatchObject({ type: 'InvalidParameterException' });
  });

  test.each(SERVED)('%s answers {} with the model', async (operation) => {
    expect(faultOf(operation, await ask(operation, {}))).toBeUndefined();
  });

  test.each(OPERATIONS.filter((name) => !SERVED.includes(name)))(
    '%s is not served, and says so in the SDK and over NATS',
    async (operation) => {
      expect(await errorNameOverHttp(operation)).toBe('UnsupportedFeatureException');
      expect(await ask(operation, {})).toMatchObject({ type: 'UnsupportedFeatureException' });
    },
  );

  test('answers whatever fits its input schema, and the log still folds to the live state', async () => {
    for (const family of ['web', 'api']) await ask('RegisterTaskDefinition', { family, containerDefinitions: [APP] });
    await ask('CreateService', { serviceName: 'web', taskDefinition: 'web', desiredCount: 2 });
    await ask('RunTask', { taskDefinition: 'web', count: 2 });
    const { containerInstanceArns = [] } = (
      (await ask('ListContainerInstances', {})) as { output: { containerInstanceArns?: string[] } }
    ).output;
    seen['containerInstance']?.push(...containerInstanceArns);

    const answers: Record<string, { answered: number; refused: number }> = {};
    const random = SERVED.map((operation) =>
      fc.record({ operation: fc.constant(operation), input: inputsOf(operation) }),
    );
    const request = fc.oneof(...random, ...USEFUL.map((useful) => fc.constant(useful)));
    const property = fc.asyncProperty(request, async ({ operation, input }) => {
      const answer = await ask(operation, input);
      const count = (answers[operation] ??= { answered: 0, refused: 0 });
      count['output' in answer ? 'answered' : 'refused'] += 1;
      expect(faultOf(operation, answer)).toBeUndefined();
    });
    const seed = Number(process.env['WAYBILL_SEED'] ?? Date.now() % 2 ** 31);
    console.log(`operations: WAYBILL_SEED=${seed}`);
    try {
      await fc.assert(property, { seed, numRuns: RUNS_MAX, interruptAfterTimeLimit: RANDOM_MS, endOnFailure: true });
    } catch (error) {
      throw new Error(`${served.warnings.join('\n')}\n${String(error)}`, { cause: error });
    }
    const answered = SERVED.filter((operation) => (answers[operation]?.answered ?? 0) > 0);
    expect(answered.length).toBeGreaterThan(SERVED.length / 2);
    expect(served.unexpectedWarnings).toEqual([]);
    expect(await served.isReady()).toBe(true);
    await expectReplayEqual(served.root, await served.nats.connect('auditor'));
  });
});
