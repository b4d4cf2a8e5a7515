import { describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import { stsService } from '#libs/iam/messages';
import { thingService } from '../../spec/thing-service.ts';
import { routeRequest } from './route-request.ts';
import type { RoutableRequest } from './route-request.ts';

const MODELS = [ecsService, stsService, thingService];
const [ECS_JSON] = ecsService.protocols;
const [STS_QUERY] = stsService.protocols;
const [THING_QUERY, THING_JSON_10, THING_JSON_11] = thingService.protocols;
const ECS_TARGET = 'AmazonEC2ContainerServiceV20141113.ListClusters';
const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

function scoped(service: string): string {
  const scope = `AKIDEXAMPLE/20150830/eu-west-3/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00`;
}

function request(headers: Record<string, string>, changes: Partial<RoutableRequest> = {}): RoutableRequest {
  return { method: 'POST', path: '/', query: '', headers, ...changes };
}

const form = (text: string, headers: Record<string, string> = {}): RoutableRequest =>
  request({ 'content-type': FORM, ...headers }, { body: Buffer.from(text) });

describe('the service', () => {
  test('goes by the scope of the signature first, whatever the target says', () => {
    const sts = request({ authorization: scoped('sts'), 'x-amz-target': ECS_TARGET });
    expect(routeRequest(sts, MODELS)).toMatchObject({ kind: 'served', service: stsService });
    const logs = request({ authorization: scoped('logs'), 'x-amz-target': ECS_TARGET });
    expect(routeRequest(logs, MODELS)).toMatchObject({ kind: 'not-served', name: 'logs' });
  });

  test('goes by the target where there is no signature', () => {
    expect(routeRequest(request({ 'x-amz-target': ECS_TARGET }), MODELS)).toEqual({
      kind: 'served',
      service: ecsService,
      protocol: ECS_JSON,
      operation: 'ListClusters',
    });
  });

  test('takes headers in several lines as node gives them', () => {
    const headers = { authorization: [scoped('ecs'), scoped('sts')] };
    expect(routeRequest({ method: 'POST', path: '/', query: '', headers }, MODELS)).toMatchObject({
      service: ecsService,
    });
  });

  test.each<[string, RoutableRequest, string, string]>([
    ['a form', request({ authorization: scoped('iam'), 'content-type': FORM }), 'iam', 'query'],
    ['a form of EC2', request({ authorization: scoped('ec2'), 'content-type': FORM }), 'ec2', 'ec2-query'],
    [
      'JSON 1.0',
      request({
        authorization: scoped('sqs'),
        'x-amz-target': 'AmazonSQS.ListQueues',
        'content-type': 'application/x-amz-json-1.0',
      }),
      'sqs',
      'json-1.0',
    ],
    [
      'JSON 1.1, not signed',
      request({ 'x-amz-target': 'Logs_20140328.X', 'content-type': 'application/x-amz-json-1.1' }),
      'Logs_20140328',
      'json-1.1',
    ],
    [
      'CBOR',
      request(
        { authorization: scoped('monitoring'), 'smithy-protocol': 'rpc-v2-cbor' },
        { path: '/service/A/operation/B' },
      ),
      'monitoring',
      'rpc-v2-cbor',
    ],
    [
      'REST-XML',
      request({ authorization: scoped('route53') }, { method: 'GET', path: '/2013-04-01/x' }),
      'route53',
      'rest-xml',
    ],
    ['S3', request({ authorization: scoped('s3') }, { method: 'PUT', path: '/bucket/key' }), 's3', 's3'],
    [
      'a presigned address of S3',
      request(
        {},
        { method: 'GET', path: '/b/k', query: 'X-Amz-Credential=AKID%2F20150830%2Fus-east-1%2Fs3%2Faws4_request&x=1' },
      ),
      's3',
      's3',
    ],
    [
      'REST-JSON',
      request({ authorization: scoped('lambda') }, { method: 'GET', path: '/2015-03-31/functions' }),
      'lambda',
      'rest-json',
    ],
    [
      'a signature for every region',
      request({
        authorization: 'AWS4-ECDSA-P256-SHA256 Credential=AKID/20150830/s3/aws4_request, SignedHeaders=a, Signature=b',
      }),
      's3',
      's3',
    ],
  ])('knows another service and its protocol: %s', (_, unserved, name, protocol) => {
    expect(routeRequest(unserved, MODELS)).toEqual({ kind: 'not-served', name, protocol });
  });

  test('knows nothing of a request that says nothing', () => {
    expect(routeRequest(request({ 'content-type': FORM, authorization: 'Basic abc' }), MODELS)).toEqual({
      kind: 'unknown',
    });
  });
});

describe('an unsigned form', () => {
  test.each([
    [
      'Action=AssumeRoleWithWebIdentity&Version=2011-06-15',
      { kind: 'served', service: stsService, protocol: STS_QUERY, operation: 'AssumeRoleWithWebIdentity' },
    ],
    [
      'Version=2010-05-08&Action=ListUsers',
      { kind: 'not-served', name: 'with the API version 2010-05-08', protocol: 'query' },
    ],
    ['Action=ListUsers', { kind: 'unknown' }],
    ['Version=2011-06-15', { kind: 'unknown' }],
    ['{}', { kind: 'unknown' }],
  ])('%s', (text, route) => {
    expect(routeRequest(form(text), MODELS)).toEqual(route);
  });
});

describe('the operation', () => {
  const operationOf = (given: RoutableRequest): string | undefined => {
    const route = routeRequest(given, MODELS);
    return route.kind === 'served' ? route.operation : route.kind;
  };

  test.each([
    ['AmazonEC2ContainerServiceV20141113.RunTask', 'RunTask'],
    ['RunTask', undefined],
    ['AmazonEC2ContainerServiceV20141113.', undefined],
    ['AmazonEC2ContainerServiceV20141113.runTask', undefined],
    ['AmazonEC2ContainerServiceV20141113.RunTask.', undefined],
    ['AmazonEC2ContainerServiceV20141113.constructor', undefined],
    ['DynamoDB_20120810.RunTask', undefined],
  ])('of the target %s is %s', (target, operation) => {
    expect(operationOf(request({ authorization: scoped('ecs'), 'x-amz-target': target }))).toBe(operation);
  });

  test.each([
    ['Action=GetCallerIdentity&Version=2011-06-15', 'GetCallerIdentity'],
    ['Action=GetCallerIdentity&Version=2010-05-08', undefined],
    ['Action=ListUsers&Version=2011-06-15', undefined],
    ['Version=2011-06-15', undefined],
  ])('of the form %s is %s', (text, operation) => {
    expect(operationOf(form(text, { authorization: scoped('sts') }))).toBe(operation);
    expect(operationOf(request({ authorization: scoped('sts') }, { method: 'GET', query: text }))).toBe(operation);
  });

  test('of a form is not known before the body is there', () => {
    expect(routeRequest(request({ authorization: scoped('sts'), 'content-type': FORM }), MODELS)).toEqual({
      kind: 'served',
      service: stsService,
      protocol: STS_QUERY,
      operation: undefined,
    });
  });
});

describe('a service in several protocols', () => {
  const protocolOf = (given: RoutableRequest): unknown => {
    const route = routeRequest(given, MODELS);
    return route.kind === 'served' && route.operation === 'PutThing' ? route.protocol : route;
  };
  const target = { authorization: scoped('things'), 'x-amz-target': 'Things_20200101.PutThing' };

  test('is spoken to in the one of each request', () => {
    const text = 'Action=PutThing&Version=2020-01-01';
    expect(protocolOf(form(text, { authorization: scoped('things') }))).toBe(THING_QUERY);
    expect(protocolOf(form(text))).toBe(THING_QUERY);
    expect(protocolOf(request({ ...target, 'content-type': 'application/x-amz-json-1.0' }))).toBe(THING_JSON_10);
    expect(protocolOf(request({ ...target, 'content-type': 'application/x-amz-json-1.1' }))).toBe(THING_JSON_11);
    expect(protocolOf(request({ 'x-amz-target': target['x-amz-target'] }))).toBe(THING_JSON_11);
  });
});
