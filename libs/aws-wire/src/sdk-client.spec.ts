import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ClientException,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import {
  createSigV4Verifier,
  encodeError,
  modelledError,
  InputValidator,
  readJsonInput,
  routeRequest,
  unknownOperation,
  WireError,
} from './index.ts';

// The whole wire as a gateway puts it together, with the unmodified SDK in front of it.

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

const verifier = createSigV4Verifier({
  service: 'ecs',
  regions: ['us-east-1'],
  lookupSecret: (id) =>
    id === credentials.accessKeyId ? { secretAccessKey: credentials.secretAccessKey, principal: 'root' } : undefined,
  now: () => Date.now() + serverClockOffsetMs,
});

const validator = new InputValidator(ecsService);

interface Call {
  readonly operation: string;
  readonly principal: string;
  readonly input: unknown;
}

let server: Server;
let calls: Call[];
let answer: object | WireError;
let serverClockOffsetMs = 0;

function handle(request: IncomingMessage, body: Buffer): string | WireError {
  const [path = '/', query = ''] = (request.url ?? '').split('?');
  const sent = { method: request.method ?? '', path, query, headers: request.headersDistinct, body };
  const identity = verifier.verify(sent);
  if (identity instanceof WireError) return identity;
  const route = routeRequest(sent, [ecsService]);
  if (route.kind !== 'served' || route.operation === undefined) return unknownOperation();
  const input = readJsonInput(ecsService, route.operation, body);
  if (input instanceof WireError) return input;
  const fault = validator.validate(route.operation, input);
  if (fault !== undefined) return fault;
  calls.push({ operation: route.operation, principal: identity.principal, input });
  return answer instanceof WireError ? answer : JSON.stringify(answer);
}

function respond(response: ServerResponse, result: string | WireError): void {
  response.writeHead(result instanceof WireError ? result.httpStatus : 200, {
    'content-type': 'application/x-amz-json-1.1',
    date: new Date(Date.now() + serverClockOffsetMs).toUTCString(),
  });
  response.end(result instanceof WireError ? encodeError(result) : result);
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => respond(response, handle(request, Buffer.concat(chunks))));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

beforeEach(() => {
  calls = [];
  answer = {};
  serverClockOffsetMs = 0;
});

function newClient(
  options: { region?: string; credentials?: typeof credentials; maxAttempts?: number } = {},
): ECSClient {
  const { port } = server.address() as AddressInfo;
  return new ECSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    ...options,
  });
}

describe('the SDK', () => {
  test('signs, sends and reads back', async () => {
    answer = {
      tasks: [{ taskArn: 'arn', createdAt: 1_479_412_798.372, version: 1, cpu: '256', tags: [] }],
      failures: [{ arn: 'arn', reason: 'RESOURCE:MEMORY' }],
    };
    const output = await newClient().send(
      new RunTaskCommand({
        taskDefinition: 'wäb:1',
        count: 2,
        clientToken: 'token',
        tags: [{ key: 'ключ', value: '' }],
      }),
    );
    expect(calls).toEqual([
      {
        operation: 'RunTask',
        principal: 'root',
        input: { taskDefinition: 'wäb:1', count: 2, clientToken: 'token', tags: [{ key: 'ключ', value: '' }] },
      },
    ]);
    expect(output.tasks).toEqual([
      { taskArn: 'arn', createdAt: new Date(1_479_412_798_372), version: 1, cpu: '256', tags: [] },
    ]);
    expect(output.failures).toEqual([{ arn: 'arn', reason: 'RESOURCE:MEMORY' }]);
  });

  test('sends times as epoch seconds', async () => {
    await newClient().send(
      new ListServiceDeploymentsCommand({ service: 'web', createdAt: { after: new Date(1_704_067_200_123) } }),
    );
    expect(calls[0]?.input).toEqual({ service: 'web', createdAt: { after: 1_704_067_200.123 } });
  });

  test('throws the modelled error, with its extra members', async () => {
    answer = modelledError('ConflictException', 'text', { resourceIds: ['arn'] });
    await expect(newClient().send(new RunTaskCommand({ taskDefinition: 'web' }))).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'text',
      resourceIds: ['arn'],
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('reads what validation says', async () => {
    const faulty = new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: undefined });
    await expect(newClient().send(faulty)).rejects.toThrow(
      new ClientException({ message: 'Container list cannot be empty.', $metadata: {} }),
    );
    expect(calls).toEqual([]);
  });

  test.each([
    ['a wrong secret', { credentials: { ...credentials, secretAccessKey: 'wrong' } }, 'InvalidSignatureException'],
    ['an unknown key', { credentials: { ...credentials, accessKeyId: 'UNKNOWN' } }, 'UnrecognizedClientException'],
    ['another region', { region: 'mars-north-1' }, 'InvalidSignatureException'],
  ])('is refused with %s', async (_, options, name) => {
    await expect(newClient(options).send(new DescribeTasksCommand({ tasks: ['a'] }))).rejects.toMatchObject({ name });
    expect(calls).toEqual([]);
  });

  test('whose clock is an hour behind corrects it by the Date header and tries again', async () => {
    serverClockOffsetMs = 3_600_000;
    await newClient({ maxAttempts: 2 }).send(new DescribeTasksCommand({ tasks: ['a'] }));
    expect(calls).toHaveLength(1);
  });
});
