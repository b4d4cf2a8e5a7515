import { describe, expect, test } from '@jest/globals';
import { routeByForm, routeByHeaders } from './route-request.ts';
import type { RoutableRequest } from './route-request.ts';
import { ecsModel, stsModel } from './service-model.ts';

const MODELS = [ecsModel, stsModel];
const ECS_TARGET = 'AmazonEC2ContainerServiceV20141113.ListClusters';
const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

function scoped(service: string): string {
  const scope = `AKIDEXAMPLE/20150830/eu-west-3/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00`;
}

function request(headers: Record<string, string>, changes: Partial<RoutableRequest> = {}): RoutableRequest {
  return { method: 'POST', path: '/', query: '', headers, ...changes };
}

describe('routeByHeaders', () => {
  test('goes by the scope of the signature first, whatever the target says', () => {
    const sts = request({ authorization: scoped('sts'), 'x-amz-target': ECS_TARGET });
    expect(routeByHeaders(sts, MODELS)).toEqual({ kind: 'served', model: stsModel });
    const logs = request({ authorization: scoped('logs'), 'x-amz-target': ECS_TARGET });
    expect(routeByHeaders(logs, MODELS)).toMatchObject({ kind: 'not-served', name: 'logs' });
  });

  test('goes by the target where there is no signature', () => {
    expect(routeByHeaders(request({ 'x-amz-target': ECS_TARGET }), MODELS)).toEqual({
      kind: 'served',
      model: ecsModel,
    });
  });

  test('takes headers in several lines as node gives them', () => {
    const headers = { authorization: [scoped('ecs'), scoped('sts')] };
    expect(routeByHeaders({ method: 'POST', path: '/', query: '', headers }, MODELS)).toMatchObject({
      model: ecsModel,
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
    expect(routeByHeaders(unserved, MODELS)).toEqual({ kind: 'not-served', name, protocol });
  });

  test('knows nothing of a request that says nothing', () => {
    expect(routeByHeaders(request({ 'content-type': FORM, authorization: 'Basic abc' }), MODELS)).toEqual({
      kind: 'unknown',
    });
  });
});

describe('routeByForm', () => {
  test.each([
    ['Action=AssumeRoleWithWebIdentity&Version=2011-06-15', { kind: 'served', model: stsModel }],
    [
      'Version=2010-05-08&Action=ListUsers',
      { kind: 'not-served', name: 'with the API version 2010-05-08', protocol: 'query' },
    ],
    ['Action=ListUsers', { kind: 'unknown' }],
    ['Version=2011-06-15', { kind: 'unknown' }],
    ['{}', { kind: 'unknown' }],
  ])('%s', (form, route) => {
    expect(routeByForm(form, MODELS)).toEqual(route);
  });
});
