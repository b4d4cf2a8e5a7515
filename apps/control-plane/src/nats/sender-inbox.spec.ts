import { describe, expect, test } from '@jest/globals';
import { agents, commands, journal, shards } from '#libs/subjects';
import { isAnswerable, senderOf } from './sender-inbox.ts';

const answerable = (subject: string, reply?: string): boolean | null => {
  const sender = senderOf(subject);
  return sender === null ? null : isAnswerable(sender, reply);
};

describe('a request is served only if its response would reach the inbox of its sender', () => {
  test.each([
    [commands.request('root', 'ecs', 'RunTask'), '_INBOX.a.b'],
    [commands.request('deployer', 'ecs', 'RunTask'), '_INBOX_principal.deployer.a'],
    [agents.session('default', 'i1'), '_INBOX_agent.i1.a.session.1'],
    [agents.report('default', 'i1'), '_INBOX_agent.i1.a'],
    [agents.heartbeat('default', 'i1'), undefined],
    [shards.command('ecs.1.default'), '_INBOX_control-plane.a'],
    ['$SRV.PING', '_INBOX_principal.deployer.a'],
    ['$SRV.INFO.waybill-ecs', '_INBOX.a'],
  ])('%s, reply %s', (subject, reply) => {
    expect(answerable(subject, reply)).toBe(true);
  });

  test.each([
    undefined,
    '',
    '_INBOX',
    '_INBOX.',
    '_INBOXES.a',
    '_INBOX_principal.deployer.a',
    '_INBOX_agent.i1.a',
    '_INBOX_control-plane.a',
    journal.shard('x'),
    journal.shard('ecs.1'),
    shards.command('ecs.1'),
    agents.assign('default', 'i1'),
    commands.request('deployer', 'ecs', 'RunTask'),
    '$KV.WAYBILL_LEASES.writer.1',
    '$JS.API.STREAM.INFO.WAYBILL',
    '$SRV.PING',
  ])('a command of root, reply %s', (reply) => {
    expect(answerable(commands.request('root', 'ecs', 'RunTask'), reply)).toBe(false);
  });

  test.each([
    [commands.request('deployer', 'ecs', 'RunTask'), '_INBOX.a'],
    [commands.request('deployer', 'ecs', 'RunTask'), '_INBOX_principal.deployer2.a'],
    [commands.request('deployer', 'ecs', 'RunTask'), '_INBOX_principal.deployer'],
    [agents.session('default', 'i1'), '_INBOX_agent.i2.a'],
    [agents.session('default', 'i1'), undefined],
    [agents.report('default', 'i1'), '_INBOX_agent.i12.a'],
    [agents.heartbeat('default', 'i1'), '_INBOX_agent.i1.a'],
    [shards.command('ecs.1.default'), '_INBOX.a'],
    ['$SRV.PING', undefined],
    ['$SRV.PING', '_INBOX_control-plane.a'],
  ])('%s, reply %s', (subject, reply) => {
    expect(answerable(subject, reply)).toBe(false);
  });

  test('what nobody may send has no sender', () => {
    expect(senderOf(journal.shard('ecs.1'))).toBeNull();
  });
});
