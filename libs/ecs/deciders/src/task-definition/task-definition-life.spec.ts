import { describe, expect, test } from '@jest/globals';
import { canonicalJson } from '#libs/kernel';
import type { AccountCommand, NamedTaskDefinition } from '#libs/ecs/messages';
import { accountStateCodec } from '../account-state.codec.ts';
import type { AccountState } from '../account-state.ts';
import { AccountUnderTest } from '../../spec/account-builder.ts';

const WEB_1 = { family: 'web', revision: 1 };

function named(family: string, revision: number): NamedTaskDefinition {
  return { name: `${family}:${revision}`, id: { family, revision } };
}

/** `web:1` ACTIVE, `web:2` INACTIVE, `web:3` DELETE_IN_PROGRESS; `web:1` is tagged. */
function given(): AccountUnderTest {
  const account = new AccountUnderTest();
  account.register({}, { tags: [{ key: 'stage', value: 'test' }] });
  account.register();
  account.register();
  account.submit({ type: 'DeregisterTaskDefinition', family: 'web', revision: 2 });
  account.submit({ type: 'DeregisterTaskDefinition', family: 'web', revision: 3 });
  account.submit({ type: 'DeleteTaskDefinitions', taskDefinitions: [named('web', 3)] });
  return account;
}

describe('the life of a task definition', () => {
  test.each<[string, AccountCommand, unknown]>([
    [
      'deregister ACTIVE',
      { type: 'DeregisterTaskDefinition', ...WEB_1 },
      { events: [{ type: 'TaskDefinitionDeregistered', v: 1, ...WEB_1 }] },
    ],
    [
      'deregister INACTIVE: nothing to do',
      { type: 'DeregisterTaskDefinition', family: 'web', revision: 2 },
      { events: [] },
    ],
    [
      'deregister unknown',
      { type: 'DeregisterTaskDefinition', family: 'web', revision: 9 },
      { rejection: { code: 'ClientError', message: 'Unable to deregister task definition.' } },
    ],
    [
      'deregister what is being deleted',
      { type: 'DeregisterTaskDefinition', family: 'web', revision: 3 },
      {
        rejection: {
          code: 'ClientError',
          message: 'The task definition could not be deregistered because it is in the process of being deleted.',
        },
      },
    ],
    [
      'delete: INACTIVE ones once, what is being deleted already, and everything else as a failure',
      {
        type: 'DeleteTaskDefinitions',
        taskDefinitions: [
          named('web', 1),
          named('web', 2),
          named('web', 2),
          named('web', 3),
          named('x', 1),
          { name: 'web', id: 'MALFORMED' },
          { name: 'arn:of:elsewhere', id: 'ELSEWHERE' },
        ],
      },
      {
        events: [{ type: 'TaskDefinitionDeletionRequested', v: 1, family: 'web', revision: 2 }],
        answer: {
          taskDefinitions: [
            { family: 'web', revision: 2, previousStatus: 'INACTIVE' },
            { family: 'web', revision: 2, previousStatus: 'DELETE_IN_PROGRESS' },
            { family: 'web', revision: 3, previousStatus: 'DELETE_IN_PROGRESS' },
          ],
          failures: [
            { name: 'web:1', reason: expect.stringMatching(/still in ACTIVE status/) },
            { name: 'x:1', reason: expect.stringMatching(/does not exist/) },
            { name: 'web', reason: expect.stringMatching(/identifier is invalid/) },
            { name: 'arn:of:elsewhere', reason: expect.stringMatching(/does not exist/) },
          ],
        },
      },
    ],
    [
      'delete none',
      { type: 'DeleteTaskDefinitions', taskDefinitions: [] },
      { rejection: { code: 'InvalidParameter', message: 'Task definitions cannot be empty.' } },
    ],
    [
      'delete eleven',
      {
        type: 'DeleteTaskDefinitions',
        taskDefinitions: Array.from({ length: 11 }, (_, i) => named('web', i)),
      },
      { rejection: { code: 'InvalidParameter', message: 'taskDefinitions can have at most 10 items.' } },
    ],
    [
      'tag',
      { type: 'TagTaskDefinition', ...WEB_1, tags: [{ key: 'a', value: 'b' }] },
      { events: [{ type: 'TaskDefinitionTagged', v: 1, ...WEB_1, tags: [{ key: 'a', value: 'b' }] }] },
    ],
    [
      'tag with what is there: nothing to do',
      { type: 'TagTaskDefinition', ...WEB_1, tags: [{ key: 'stage', value: 'test' }] },
      { events: [] },
    ],
    [
      'tag over the limit',
      {
        type: 'TagTaskDefinition',
        ...WEB_1,
        tags: Array.from({ length: 50 }, (_, i) => ({ key: `k${i}`, value: '' })),
      },
      {
        rejection: {
          code: 'ClientError',
          message: 'The number of tags per resource exceeds the maximum of 50.',
        },
      },
    ],
    [
      'tag unknown',
      { type: 'TagTaskDefinition', family: 'x', revision: 1, tags: [] },
      { rejection: { code: 'ResourceNotFound', message: 'The specified resource could not be found.' } },
    ],
    [
      'untag',
      { type: 'UntagTaskDefinition', ...WEB_1, tagKeys: ['stage', 'x'] },
      { events: [{ type: 'TaskDefinitionUntagged', v: 1, ...WEB_1, tagKeys: ['stage', 'x'] }] },
    ],
    [
      'untag what is not there: nothing to do',
      { type: 'UntagTaskDefinition', ...WEB_1, tagKeys: ['x'] },
      { events: [] },
    ],
    [
      'untag unknown',
      { type: 'UntagTaskDefinition', family: 'x', revision: 1, tagKeys: [] },
      { rejection: { code: 'ResourceNotFound', message: 'The specified resource could not be found.' } },
    ],
  ])('%s', (_name, command, expected) => {
    expect(given().submit(command)).toEqual(expected);
  });

  test('a deregistration tells what the status was', () => {
    const account = given();
    const previousStatus = (revision: number): unknown => {
      const outcome = account.submit({ type: 'DeregisterTaskDefinition', family: 'web', revision });
      return account.decider.answer('DeregisterTaskDefinition', 'events' in outcome ? outcome.events : []);
    };
    expect([previousStatus(1), previousStatus(1)]).toEqual([
      { previousStatus: 'ACTIVE' },
      { previousStatus: 'INACTIVE' },
    ]);
  });

  test('a command that nobody knows is refused, not a broken shard', () => {
    const command = JSON.parse('{"type":"toString"}') as AccountCommand;
    expect(given().submit(command)).toEqual({
      rejection: { code: 'ClientError', message: 'Unknown command: toString.' },
    });
  });

  test('a state that was encoded and decoded goes on like the original', () => {
    const account = given();
    const { encode, decode } = accountStateCodec;
    const reopened = decode(JSON.parse(JSON.stringify(encode(account.state))) as object);
    expect(reopened).toEqual(account.state);
    const before = JSON.stringify(encode(reopened));
    const events = account.submit({ type: 'UntagTaskDefinition', ...WEB_1, tagKeys: ['stage'] });
    if ('events' in events) for (const event of events.events) account.decider.evolve(reopened, event, 1);
    expect(JSON.stringify(encode(reopened))).not.toBe(before);
    expect(reopened).toEqual(account.state);
  });

  test('its events fold to the same state', () => {
    const account = given();
    account.submit({ type: 'UntagTaskDefinition', ...WEB_1, tagKeys: ['stage'] });
    const state = account.decider.initialState('ecs.123456789012');
    account.events.forEach((event, i) => account.decider.evolve(state, event, i));
    const textOf = (one: AccountState): string => canonicalJson(accountStateCodec.encode(one));
    expect(textOf(state)).toBe(textOf(account.state));
  });
});
