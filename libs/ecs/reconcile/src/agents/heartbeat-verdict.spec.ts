import { expect, test } from '@jest/globals';
import { heartbeatVerdict } from './heartbeat-verdict.ts';

const known = { connected: true, sessionId: 'new', wantedVersion: 4 };

test.each([
  {
    what: 'the current session with the current set',
    known,
    heartbeat: { sessionId: 'new', version: 4 },
    verdict: 'alive',
  },
  {
    what: 'the current session with an older set',
    known,
    heartbeat: { sessionId: 'new', version: 3 },
    verdict: 'behind',
  },
  { what: 'another session while one lives', known, heartbeat: { sessionId: 'old', version: 4 }, verdict: 'fenced' },
  {
    what: 'an instance that never registered',
    known: undefined,
    heartbeat: { sessionId: 'new', version: 4 },
    verdict: 'lost',
  },
  {
    what: 'the current session, thought lost',
    known: { ...known, connected: false },
    heartbeat: { sessionId: 'new', version: 4 },
    verdict: 'lost',
  },
])('$what: $verdict', ({ known: instance, heartbeat, verdict }) => {
  expect(heartbeatVerdict(instance, heartbeat)).toBe(verdict);
});

/*
 * Found by the simulation: the session request of an agent's earlier life came after that of the present one and took its
 * place; it was soon thought lost, and the heartbeats of the living session were overheard for ever.
 */
test('a living session whose place a dead one has taken is called back', () => {
  const taken = { connected: false, sessionId: 'dead', wantedVersion: 4 };
  expect(heartbeatVerdict(taken, { sessionId: 'living', version: 4 })).toBe('lost');
});
