import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stsService } from '#libs/iam/messages';
import {
  THING_NAMESPACE,
  THING_VERSION,
  THING_XML_NAMESPACE,
  thingOperations,
  thingService,
} from '../../../spec/thing-service.ts';
import { modelledError } from '../../wire-error.ts';
import { InputValidator } from '../../validation.ts';
import { protocols } from '../protocol.ts';

/* What the SDK's own AWS Query writes is read here, and what is written here the SDK reads: with a service that has every
 * form of member, and with STS's real client. Only the transport is not real. */

const { query } = protocols;
const sdk = new AwsQueryProtocol({
  defaultNamespace: THING_NAMESPACE,
  xmlNamespace: THING_XML_NAMESPACE,
  version: THING_VERSION,
});
const context = {
  endpoint: () => Promise.resolve({ protocol: 'https:', hostname: 'things.example', path: '/' }),
  utf8Encoder: (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8'),
  utf8Decoder: (text: string) => Buffer.from(text),
  base64Encoder: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
  base64Decoder: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
  streamCollector: (body: Uint8Array) => Promise.resolve(body),
} as never;
const operation = (name: keyof typeof thingOperations): never => {
  const [, namespace, , traits, input, output] = thingOperations[name];
  return { namespace, name, traits, input: input(), output: output() } as never;
};
sdk.setSerdeContext(context);

/** A value as the SDK has it, as plain JSON has it. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([name, member]) => member !== undefined && name !== '$metadata');
  return Object.fromEntries(present.map(([name, member]) => [name, plain(member)]));
}

async function readBySdk(json: object): Promise<unknown> {
  const { status, headers, body } = query.writeOutput(thingService, 'PutThing', JSON.stringify(json), 'id-1');
  const response = { statusCode: status, headers: { ...headers }, body: Buffer.from(body) };
  return plain(await sdk.deserializeResponse(operation('PutThing'), context, response as never));
}

async function writtenBySdk(input: object): Promise<unknown> {
  const { body } = await sdk.serializeRequest(operation('PutThing'), input, context);
  return query.readInput(thingService, 'PutThing', { method: 'POST', query: '', body: Buffer.from(String(body)) });
}

const EVERYTHING = {
  Name: 'a & <b> "c" ключ =+%',
  Count: -3,
  IsReady: true,
  Data: new Uint8Array([0, 255, 16]),
  CreatedAt: new Date('2026-09-12T00:12:37.125Z'),
  SeenOn: new Date('2026-09-12T00:12:37Z'),
  EndsAt: new Date(1_704_067_200_500),
  Renamed: 'r',
  Words: ['a', '', 'b'],
  FlatWords: ['x', 'y'],
  FlatNumbers: [1, 2, 3],
  NamedItems: ['one'],
  Labels: { team: 'core', '': 'empty key' },
  FlatLabels: { a: '1', b: '2' },
  NamedEntries: { first: 1, second: 2 },
  Part: { Id: 'p', Weight: 0.5, Parts: [{ Id: 'q', Parts: [] }, { Id: 'r' }] },
  Parts: [{ Id: 'a' }, { Id: 'b', Parts: [{ Id: 'c' }] }],
  PartsByName: { left: { Id: 'l', Weight: 2 }, right: { Id: 'r' } },
};

describe('AWS Query', () => {
  test('reads what the SDK writes', async () => {
    const input = await writtenBySdk(EVERYTHING);
    expect(input).toEqual(plain(EVERYTHING));
    expect(new InputValidator(thingService).validate('PutThing', input)).toBeUndefined();
  });

  test('writes what the SDK reads', async () => {
    const output = plain(EVERYTHING) as object;
    expect(await readBySdk(output)).toEqual(output);
  });

  test('knows an empty list from none', async () => {
    expect(await writtenBySdk({ Words: [], Parts: [] })).toEqual({ Words: [], Parts: [] });
    expect(await readBySdk({ Words: [], Labels: {}, Parts: [] })).toEqual({ Words: [], Labels: {}, Parts: [] });
  });

  test('is an error of the SDK with the name of the model', async () => {
    const { status, headers, body } = query.encodeError(modelledError('NoSuchThingException', 'gone'), {
      requestId: 'id-1',
      service: thingService,
    });
    const response = { statusCode: status, headers: { ...headers }, body: Buffer.from(body) };
    await expect(sdk.deserializeResponse(operation('PutThing'), context, response as never)).rejects.toMatchObject({
      Error: { Code: 'NoSuchThing', Type: 'Sender', Message: 'gone' },
      $metadata: { httpStatusCode: 404 },
    });
  });

  const word = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[^\P{C}]/gu, '?'));
  const names = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', '.', '&', 'é') });
  const { part } = fc.letrec<{ part: object }>((tie) => ({
    part: fc.record(
      {
        Id: word,
        Weight: fc.double({ noNaN: true, noDefaultInfinity: true }).map((weight) => weight + 0), // JSON has no -0
        Parts: fc.array(tie('part'), { maxLength: 2, depthIdentifier: 'p' }),
      },
      { requiredKeys: ['Id'] },
    ),
  }));
  const things = fc.record(
    {
      Name: word,
      Count: fc.integer(),
      IsReady: fc.boolean(),
      Data: fc.uint8Array({ maxLength: 9 }),
      CreatedAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      Words: fc.array(word, { minLength: 1, maxLength: 12 }),
      FlatWords: fc.array(word, { minLength: 1, maxLength: 12 }),
      Labels: fc.dictionary(names, word, { minKeys: 1, maxKeys: 4 }),
      FlatLabels: fc.dictionary(names, word, { minKeys: 1, maxKeys: 4 }),
      Part: part,
      PartsByName: fc.dictionary(names, part, { minKeys: 1, maxKeys: 2 }),
    },
    { requiredKeys: ['Name'] },
  );

  test('and the SDK agree on any thing, in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(things, async (thing) => {
        const json = plain(thing) as object;
        expect(await writtenBySdk(thing)).toEqual(json);
        expect(await readBySdk(json)).toEqual(json);
      }),
    );
  });
});

describe("STS's client", () => {
  /** Answers with what it is given, and remembers the form. */
  function clientOf(answer: () => { status: number; headers: object; body: string | Uint8Array }) {
    const forms: string[] = [];
    const requestHandler = {
      handle: ({ body }: { body: string }) => {
        forms.push(body);
        const { status, headers, body: text } = answer();
        return Promise.resolve({ response: { statusCode: status, headers: { ...headers }, body: Buffer.from(text) } });
      },
    };
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const options = {
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
      requestHandler,
      streamCollector: (body: Uint8Array) => Promise.resolve(body),
    };
    return { client: new STSClient(options as never), forms };
  }

  test('reads the identity of the caller', async () => {
    const identity = { UserId: '1', Account: '2', Arn: 'arn:aws:iam::2:root' };
    const { client } = clientOf(() =>
      query.writeOutput(stsService, 'GetCallerIdentity', JSON.stringify(identity), 'id-1'),
    );
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject(identity);
  });

  test('sends nested lists that are read here, and reads times', async () => {
    const Credentials = { AccessKeyId: 'a', SecretAccessKey: 'b', SessionToken: 'c', Expiration: 1_704_067_200 };
    const { client, forms } = clientOf(() =>
      query.writeOutput(stsService, 'AssumeRole', JSON.stringify({ Credentials }), 'id-1'),
    );
    const input = {
      RoleArn: 'arn:aws:iam::2:role/deploy',
      RoleSessionName: 'ci',
      DurationSeconds: 900,
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/a' }, { arn: 'arn:aws:iam::aws:policy/b' }],
      Tags: [{ Key: 'Team', Value: 'a&b' }],
      TransitiveTagKeys: ['Team'],
    };
    const output = await client.send(new AssumeRoleCommand(input));
    expect(output.Credentials).toEqual({ ...Credentials, Expiration: new Date(1_704_067_200_000) });
    const body = Buffer.from(forms[0] ?? '');
    expect(query.readInput(stsService, 'AssumeRole', { method: 'POST', query: '', body })).toEqual(input);
  });

  test('throws the modelled error', async () => {
    const expired = modelledError('RegionDisabledException', 'off');
    const { client } = clientOf(() => query.encodeError(expired, { requestId: 'id-1', service: stsService }));
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'RegionDisabledException',
      message: 'off',
      $metadata: { httpStatusCode: 403 },
    });
  });
});
