import { describe, expect, test } from '@jest/globals';
import { canonicalPath, canonicalQuery, canonicalRequest, canonicalValue } from './canonical-request.ts';

describe('canonicalPath', () => {
  test.each([
    ['/', '/'],
    ['', '/'],
    ['//', '/'],
    ['/./', '/'],
    ['/a/../', '/'],
    ['/a/./b//c/../d', '/a/b/d'],
    ['/a/', '/a/'],
    ['/../..', '/'],
    ['/-._~0-9A-Za-z', '/-._~0-9A-Za-z'],
    // Encoded once by the client, so twice in what is signed.
    ['/%E1%88%B4', '/%25E1%2588%25B4'],
    ['/a%20b', '/a%2520b'],
    // Raw UTF-8 bytes, as node:http hands them over.
    [Buffer.from('/ሴ').toString('latin1'), '/%E1%88%B4'],
    ["/!'()*+,;=:@$&", '/%21%27%28%29%2A%2B%2C%3B%3D%3A%40%24%26'],
  ])('%s → %s', (path, canonical) => {
    expect(canonicalPath(path)).toBe(canonical);
  });
});

describe('canonicalQuery', () => {
  test.each([
    ['', ''],
    ['a', 'a='],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1', 'a=1&a=2'],
    ['a=1&A=1', 'A=1&a=1'],
    ['a=b=c', 'a=b%3Dc'],
    ['a=%7e&b=%2f', 'a=~&b=%2F'],
    ['a=%e1%88%b4', 'a=%E1%88%B4'],
    ['a=%zz', 'a=%25zz'],
    ['&&a=1&', 'a=1'],
    // By the encoded name: `%` sorts before `1`.
    ['a1=x&a%20=y', 'a%20=y&a1=x'],
  ])('%s → %s', (query, canonical) => {
    expect(canonicalQuery(query)).toBe(canonical);
  });
});

describe('canonicalValue', () => {
  test.each<[string | string[] | undefined, string]>([
    ['  a   b \t c  ', 'a b c'],
    [['  a', 'b  b '], 'a,b b'],
    [['value1', 'value2', 'value1'], 'value1,value2,value1'],
    ['a, b', 'a, b'],
    ['', ''],
    [undefined, ''],
  ])('%j → %j', (value, canonical) => {
    expect(canonicalValue(value)).toBe(canonical);
  });
});

test('canonicalRequest has each signed header on a line, in the order in which they are signed', () => {
  const text = canonicalRequest({
    method: 'POST',
    path: '/',
    query: '',
    headers: { host: 'h', 'x-amz-date': 'd', unsigned: 'u' },
    signedHeaders: 'host;x-amz-date',
    signedHeaderNames: ['host', 'x-amz-date'],
    payloadHash: 'p',
  });
  expect(text).toBe('POST\n/\n\nhost:h\nx-amz-date:d\n\nhost;x-amz-date\np');
});
