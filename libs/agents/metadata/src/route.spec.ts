import { expect, test } from '@jest/globals';
import { failedPageText, metadataRoute, unknownEndpointText } from './route.ts';

test.each([
  ['/v4/abc-1', { version: 4, endpointId: 'abc-1', page: 'container' }],
  ['/v4/abc-1/', { version: 4, endpointId: 'abc-1', page: 'container' }],
  ['/v3/abc-1/task', { version: 3, endpointId: 'abc-1', page: 'task' }],
  ['/v4/abc-1/taskWithTags?x=1', { version: 4, endpointId: 'abc-1', page: 'taskWithTags' }],
  ['/v4/abc-1/stats', { version: 4, endpointId: 'abc-1', page: 'stats' }],
  ['/v4/abc-1/task/stats', { version: 4, endpointId: 'abc-1', page: 'taskStats' }],
  ['/v4/', { version: 4, endpointId: '', page: 'container' }],
])('%s names a page', (url, route) => {
  expect(metadataRoute(url)).toEqual(route);
});

test.each(['/', '/v2/metadata', '/v4', '/v4/abc/toString', '/v4/abc/task/other', 'v4/abc'])('%s names none', (url) => {
  expect(metadataRoute(url)).toBeUndefined();
});

test.each([
  [
    '/v4/bad',
    'V4 container metadata handler: unable to get container ID from request: unable to get docker ID from v3 endpoint ID: bad',
  ],
  [
    '/v4/bad/task',
    'V4 task metadata handler: unable to get task arn from request: unable to get task Arn from v3 endpoint ID: bad',
  ],
  [
    '/v3/bad/taskWithTags',
    'V3 task metadata handler: unable to get task arn from request: unable to get task Arn from v3 endpoint ID: bad',
  ],
  [
    '/v4/bad/stats',
    'V4 container stats handler: unable to get task arn from request: unable to get task Arn from v3 endpoint ID: bad',
  ],
  [
    '/v4/bad/task/stats',
    'V4 task stats handler: unable to get task arn from request: unable to get task Arn from v3 endpoint ID: bad',
  ],
])('the id of %s is not known', (url, text) => {
  const route = metadataRoute(url);
  expect(route === undefined ? undefined : unknownEndpointText(route)).toBe(text);
});

test.each([
  ['/v4/x', "unable to generate metadata for container 'x'"],
  ['/v4/x/task', "Unable to generate metadata for v4 task: 'x'"],
  ['/v4/x/stats', 'Unable to get container stats for: x'],
  ['/v4/x/task/stats', 'Unable to get task stats for: x'],
])('%s could not be answered', (url, text) => {
  const route = metadataRoute(url);
  expect(route === undefined ? undefined : failedPageText(route)).toBe(text);
});
