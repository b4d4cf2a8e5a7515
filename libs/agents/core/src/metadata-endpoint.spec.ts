import { expect, test } from '@jest/globals';
import { taskIdOf } from '../spec/builders.ts';
import { metadataEndpointId } from './metadata-endpoint.ts';

test('follows from task and container, and differs between both', () => {
  const id = metadataEndpointId(taskIdOf(1), 'app');
  expect(id).toMatch(new RegExp(`^${taskIdOf(1)}-[0-9]{10}$`));
  expect(metadataEndpointId(taskIdOf(1), 'app')).toBe(id);
  expect(metadataEndpointId(taskIdOf(1), 'side')).not.toBe(id);
  expect(metadataEndpointId(taskIdOf(2), 'app').slice(32)).not.toBe(id.slice(32));
});
