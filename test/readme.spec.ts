import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import { VARIABLE_NAMES } from '../apps/cli/src/env/variables.ts';
import { ecs } from '#contexts/ecs';
import { contexts } from '#contexts';

/* What the README and `waybill env` say about what is served, against what is. */

const [, served = ''] = readFileSync('README.md', 'utf8').split('\n## What is served\n');
const [table = ''] = served.split('\nOf the other AWS services');

/** The operations in a column of the table, sorted. */
function operations(column: number): readonly string[] {
  const cells = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|')[column] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)).sort();
}

describe('the table of what is served', () => {
  test('names exactly the operations that are served', () => {
    expect(operations(2)).toEqual([...ecs.operations.keys()].sort());
  });

  test('and exactly the others of the model that are not', () => {
    const others = Object.keys(ecsService.shapes.operations).filter((name) => !ecs.operations.has(name));
    expect(operations(3)).toEqual(others);
  });
});

test('waybill env has a variable for the endpoint of every served service', () => {
  const services = contexts.flatMap((context) => context.services);
  const variables = services.map(({ signingName }) => `AWS_ENDPOINT_URL_${signingName.toUpperCase()}`);
  expect(VARIABLE_NAMES.filter((name) => name.startsWith('AWS_ENDPOINT_URL_')).sort()).toEqual(variables.sort());
});
