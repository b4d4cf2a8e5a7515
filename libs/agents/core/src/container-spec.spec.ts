import { describe, expect, test } from '@jest/globals';
import { containerDefinition, taskDefinition, wantedTask } from '../spec/builders.ts';
import { containerSpec, runtimeNameOf } from './container-spec.ts';
import { metadataEndpointId } from './metadata-endpoint.ts';

const CONTEXT = { cluster: 'default', instanceId: 'i1' };

describe('the container that a runtime is asked for', () => {
  test('overrides replace the command and single variables', () => {
    const definition = taskDefinition(
      containerDefinition('app', {
        command: ['a'],
        memory: 64,
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
    );
    const wanted = wantedTask({
      containerOverrides: [
        {
          name: 'app',
          command: ['b'],
          environment: [
            { name: 'B', value: '3' },
            { name: 'C', value: '4' },
          ],
        },
      ],
    });
    const spec = containerSpec(CONTEXT, wanted, definition, 'app');
    expect(spec.container).toMatchObject({ command: ['b'], memory: 64 });
    expect(spec.environment).toEqual([
      { name: 'AWS_EXECUTION_ENV', value: 'AWS_ECS_EC2' },
      { name: 'AWS_REGION', value: 'us-east-1' },
      { name: 'AWS_DEFAULT_REGION', value: 'us-east-1' },
      { name: 'A', value: '1' },
      { name: 'B', value: '3' },
      { name: 'C', value: '4' },
    ]);
  });

  test("the definition's own value of one of our variables wins", () => {
    const definition = taskDefinition(
      containerDefinition('app', { environment: [{ name: 'AWS_REGION', value: 'mars-1' }] }),
    );
    const { environment } = containerSpec(CONTEXT, wantedTask(), definition, 'app');
    expect(environment.filter(({ name }) => name === 'AWS_REGION')).toEqual([{ name: 'AWS_REGION', value: 'mars-1' }]);
  });

  test('a container learns where it runs and where it can read about itself, except where it reaches nothing', () => {
    const context = { ...CONTEXT, metadataUri: 'http://169.254.170.2' };
    const wanted = wantedTask({ launchType: 'FARGATE' });
    const environmentIn = (networkMode: 'awsvpc' | 'none') =>
      containerSpec(context, wanted, { ...taskDefinition(), networkMode }, 'app').environment;
    const id = metadataEndpointId(wanted.taskId, 'app');
    expect(environmentIn('awsvpc')).toEqual(
      expect.arrayContaining([
        { name: 'AWS_EXECUTION_ENV', value: 'AWS_ECS_FARGATE' },
        { name: 'ECS_CONTAINER_METADATA_URI', value: `http://169.254.170.2/v3/${id}` },
        { name: 'ECS_CONTAINER_METADATA_URI_V4', value: `http://169.254.170.2/v4/${id}` },
      ]),
    );
    expect(environmentIn('none').map(({ name }) => name)).toEqual([
      'AWS_EXECUTION_ENV',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ]);
  });

  test('names look like those of ECS, are the same each time, and differ for containers that reduce to the same text', () => {
    const definition = taskDefinition(containerDefinition('a_b'), containerDefinition('ab'));
    const { taskId } = wantedTask();
    const name = runtimeNameOf(taskId, definition, 'a_b');
    expect(name).toMatch(/^ecs-web-1-ab-[0-9a-f]{20}$/);
    expect(runtimeNameOf(taskId, definition, 'a_b')).toBe(name);
    expect(runtimeNameOf(taskId, definition, 'ab')).not.toBe(name);
  });

  test('links and volumesFrom name the containers of the same task', () => {
    const definition = taskDefinition(
      containerDefinition('app', {
        links: ['db:database', 'cache'],
        volumesFrom: [{ sourceContainer: 'db', readOnly: true }],
      }),
      containerDefinition('db'),
      containerDefinition('cache'),
    );
    const wanted = wantedTask();
    const nameOf = (container: string) => runtimeNameOf(wanted.taskId, definition, container);
    expect(containerSpec(CONTEXT, wanted, definition, 'app')).toMatchObject({
      links: [`${nameOf('db')}:database`, `${nameOf('cache')}:cache`],
      volumesFrom: [`${nameOf('db')}:ro`],
    });
  });
});
