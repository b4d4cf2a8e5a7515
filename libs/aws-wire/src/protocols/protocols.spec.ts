import { describe, expect, test } from '@jest/globals';
import { thingService } from '../../spec/thing-service.ts';
import { invalidSignature, serverException, serviceNotOffered, unknownOperation } from '../framework-errors.ts';
import { modelledError, WireError } from '../wire-error.ts';
import { protocols, type ProtocolName } from './protocol.ts';

function bodyOf(name: ProtocolName, error: WireError): string {
  return Buffer.from(protocols[name].encodeError(error, { requestId: 'id-1' }).body).toString('utf8');
}

const ERROR = modelledError('NoSuchThingException', 'No <such> "thing" & none');

describe('an error in each protocol', () => {
  test.each<[ProtocolName, string, string]>([
    [
      'json-1.0',
      'application/x-amz-json-1.0',
      '{"__type":"NoSuchThingException","message":"No <such> \\"thing\\" & none"}',
    ],
    [
      'json-1.1',
      'application/x-amz-json-1.1',
      '{"__type":"NoSuchThingException","message":"No <such> \\"thing\\" & none"}',
    ],
    ['rest-json', 'application/json', '{"__type":"NoSuchThingException","message":"No <such> \\"thing\\" & none"}'],
    [
      'query',
      'text/xml',
      '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchThing</Code><Message>No &lt;such&gt; &quot;thing&quot; &amp; none' +
        '</Message></Error><RequestId>id-1</RequestId></ErrorResponse>',
    ],
    [
      'ec2-query',
      'text/xml',
      '<Response><Errors><Error><Code>NoSuchThing</Code><Message>No &lt;such&gt; &quot;thing&quot; &amp; none</Message>' +
        '</Error></Errors><RequestID>id-1</RequestID></Response>',
    ],
    [
      's3',
      'application/xml',
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchThing</Code><Message>No &lt;such&gt; &quot;thing&quot; ' +
        '&amp; none</Message><RequestId>id-1</RequestId></Error>',
    ],
  ])('%s', (name, contentType, body) => {
    expect(protocols[name].encodeError(ERROR, { requestId: 'id-1' }).headers).toMatchObject({
      'content-type': contentType,
    });
    expect(bodyOf(name, ERROR)).toBe(body);
  });

  test('JSON names the type in a header, too', () => {
    for (const name of ['json-1.0', 'json-1.1', 'rest-json'] as const) {
      expect(protocols[name].encodeError(ERROR, { requestId: '' }).headers).toMatchObject({
        'x-amzn-errortype': 'NoSuchThingException',
      });
    }
  });

  test('CBOR is a map of two texts', () => {
    const { headers, body } = protocols['rpc-v2-cbor'].encodeError(new WireError('A', 'b'.repeat(30), 400), {
      requestId: '',
    });
    expect(headers).toMatchObject({ 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' });
    expect(Buffer.from(body).toString('latin1')).toBe(`\xa2\x66__type\x61A\x67message\x7a\0\0\0\x1e${'b'.repeat(30)}`);
  });
});

describe('the XML protocols', () => {
  test.each([
    [invalidSignature('x'), 403, 'SignatureDoesNotMatch', 'Sender'],
    [unknownOperation(), 400, 'InvalidAction', 'Sender'],
    [serviceNotOffered('iam', ['ecs']), 400, 'InvalidAction', 'Sender'],
    [modelledError('ThrottlingException', 'Rate exceeded'), 400, 'Throttling', 'Sender'],
    [serverException(), 500, 'Server', 'Receiver'],
  ])('name and count the errors of the framework in their own way: %#', (error, status, code, type) => {
    expect(protocols.query.encodeError(error, { requestId: '' }).status).toBe(status);
    expect(bodyOf('query', error)).toContain(`<Type>${type}</Type><Code>${code}</Code>`);
  });

  test('write no character that XML has not', () => {
    expect(bodyOf('query', modelledError('A', 'a\u0000b\ud800c\uffffd\r\né😀'))).toContain(
      '<Message>a?b?c?d&#13;\né😀</Message>',
    );
  });
});

describe('an error that the model of the service has', () => {
  const missing = modelledError('NoSuchThingException', 'gone', { Reasons: ['a', 'b'], Count: 2 });
  const refused = { requestId: 'id-1', service: thingService };

  test('is named and counted in AWS Query as the model says, with its further members', () => {
    const { status, body } = protocols.query.encodeError(missing, refused);
    expect(status).toBe(404);
    expect(body).toBe(
      '<ErrorResponse xmlns="https://things.example/doc/2020-01-01/"><Error><Type>Sender</Type><Code>NoSuchThing</Code>' +
        '<Message>gone</Message><Reasons><member>a</member><member>b</member></Reasons><Count>2</Count></Error>' +
        '<RequestId>id-1</RequestId></ErrorResponse>',
    );
  });

  test('keeps its own name and 400 in JSON, and has the other in a header for clients that ask', () => {
    const { status, headers } = protocols['json-1.0'].encodeError(missing, { ...refused, wantsQueryCode: true });
    expect(status).toBe(400);
    expect(headers).toMatchObject({ 'x-amzn-query-error': 'NoSuchThing;Sender' });
    expect(protocols['json-1.0'].encodeError(missing, refused).headers).not.toHaveProperty('x-amzn-query-error');
  });
});

describe('a result of AWS Query', () => {
  test('is wrapped twice', () => {
    expect(protocols.query.writeOutput(thingService, 'GetThing', '{"Name":"a&b"}', 'id-1')).toEqual({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body:
        '<GetThingResponse xmlns="https://things.example/doc/2020-01-01/"><GetThingResult><Name>a&amp;b</Name>' +
        '</GetThingResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetThingResponse>',
    });
  });

  test('is left out where the operation has none', () => {
    expect(protocols.query.writeOutput(thingService, 'DeleteThing', '{}', 'id-1').body).toBe(
      '<DeleteThingResponse xmlns="https://things.example/doc/2020-01-01/"><ResponseMetadata><RequestId>id-1</RequestId>' +
        '</ResponseMetadata></DeleteThingResponse>',
    );
  });
});

describe('a service in several protocols', () => {
  const request = (body: string) => ({ method: 'POST', query: '', body: Buffer.from(body) });

  test('gives its operations the same plain values', () => {
    const input = { Count: 2, IsReady: true, Data: 'AP8Q', EndsAt: 1.5, Words: ['a', ''], Labels: { a: 'b' } };
    const form =
      'Count=2&IsReady=true&Data=AP8Q&EndsAt=1.5&Words.member.1=a&Words.member.2=&' +
      'Labels.entry.1.key=a&Labels.entry.1.value=b';
    expect(protocols.query.readInput(thingService, 'PutThing', request(form))).toEqual(input);
    for (const name of ['json-1.0', 'json-1.1'] as const) {
      expect(protocols[name].readInput(thingService, 'PutThing', request(JSON.stringify(input)))).toEqual(input);
    }
  });

  test('writes their outputs in each', () => {
    for (const version of ['1.0', '1.1'] as const) {
      expect(protocols[`json-${version}`].writeOutput(thingService, 'GetThing', '{"Count":2}', 'id-1')).toEqual({
        status: 200,
        headers: { 'content-type': `application/x-amz-json-${version}` },
        body: '{"Count":2}',
      });
    }
    expect(protocols.query.writeOutput(thingService, 'GetThing', '{"Count":2}', 'id-1').body).toContain(
      '<GetThingResult><Count>2</Count></GetThingResult>',
    );
  });
});
