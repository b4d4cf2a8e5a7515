import { expect, test } from '@jest/globals';
import { metricsMessage, read } from '#libs/agents/protocol';
import type { TaskMetrics } from '#libs/agents/protocol';
import { metricsMessages } from './metrics-messages.ts';

const HOST = {
  cluster: 'default',
  containerInstanceId: 'i1',
  cpus: 2,
  startTime: 0,
  endTime: 20_000,
  droppedMessages: 0,
};

const taskOf = (index: number): TaskMetrics => ({
  taskId: index.toString(16).padStart(32, '0'),
  taskArn: `arn:aws:ecs:us-east-1:000000000000:task/default/${index}`,
  group: 'service:web',
  taskDefinitionFamily: 'web',
  taskDefinitionVersion: '3',
  containerMetrics: [{ containerName: 'app', memoryStatsSet: { min: 1, max: 1, sum: 1, sampleCount: 1 } }],
});

test('ten tasks per message, as ECS; none without tasks', () => {
  const sizesOf = (count: number) =>
    metricsMessages(
      HOST,
      Array.from({ length: count }, (_, index) => taskOf(index)),
    ).map(({ taskMetrics }) => taskMetrics.length);
  expect([0, 1, 10, 11, 25].map(sizesOf)).toEqual([[], [1], [10], [10, 1], [10, 10, 5]]);
});

test('what is sent is what the protocol says', () => {
  const [message] = metricsMessages(HOST, [taskOf(1)]);
  expect(read(metricsMessage, message)).toEqual({ value: message });
  expect(read(metricsMessage, { ...message, taskMetrics: [] })).toHaveProperty('rejection');
});
