import { expect, test } from '@jest/globals';
import { familiarReference, pinnedTo, registryOf, withTag } from './image-reference.ts';

test.each([
  ['app', 'app:latest'],
  ['app:1', 'app:1'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  ['localhost:5000/app:1', 'localhost:5000/app:1'],
  ['app@sha256:0', 'app@sha256:0'],
])('%s is pulled as %s', (reference, tagged) => {
  expect(withTag(reference)).toBe(tagged);
});

test.each([
  ['app', 'docker.io'],
  ['team/app:1', 'docker.io'],
  ['index.docker.io/team/app', 'docker.io'],
  ['localhost/app', 'localhost'],
  ['registry.example/app@sha256:0', 'registry.example'],
  ['127.0.0.1:5000/team/app:1', '127.0.0.1:5000'],
])('%s is asked for at %s', (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

test.each([
  ['app:1', 'app@sha256:9'],
  ['localhost:5000/app', 'localhost:5000/app@sha256:9'],
  ['app:1@sha256:0', 'app@sha256:9'],
])('%s is pinned as %s', (reference, pinned) => {
  expect(pinnedTo(reference, 'sha256:9')).toBe(pinned);
});

test.each([
  ['docker.io/library/app', 'app:latest'],
  ['docker.io/team/app:2', 'team/app:2'],
  ['registry.example/library/app:2', 'registry.example/library/app:2'],
])('%s is the same as %s', (reference, familiar) => {
  expect(familiarReference(reference)).toBe(familiar);
});
