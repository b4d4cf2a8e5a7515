import { expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WatchModule } from './watch.module.ts';
import type { Watch } from './watch.module.ts';

test('every watch of an agent has a life of its own', async () => {
  const seen: string[] = [];
  const watch = (name: string): Watch => ({
    start: () => void seen.push(`${name} starts`),
    stop: () => void seen.push(`${name} stops`),
  });
  @Module({ imports: [WatchModule.with(watch('one')), WatchModule.with(watch('other'))] })
  class Agent {}
  const app = await NestFactory.createApplicationContext(Agent, { logger: false });
  expect(seen.toSorted()).toEqual(['one starts', 'other starts']);
  await app.close();
  expect(seen.slice(2).toSorted()).toEqual(['one stops', 'other stops']);
});
