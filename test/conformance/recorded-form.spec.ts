import { describe, expect, test } from '@jest/globals';
import { readRecorded, recordedFileFaults, recordedTopics } from './support/recorded-file.ts';
import { playRecorded, responseFaults } from './support/recorded-run.ts';
import type { RecordedFile, RecordedStep } from './support/recorded-file.ts';
import type { WireResponse } from './support/recorded-run.ts';

/* The form of the recorded files and their comparison: whatever a step says can fail. */

const step = (members: object): object => ({ name: 'a step', call: 'DescribeTasks', input: {}, ...members });
const fileOf = (...steps: readonly object[]): object => ({ source: 'a report', steps });

describe('every recorded file', () => {
  test('has the form', () => {
    expect(recordedTopics().length).toBeGreaterThan(0);
    for (const topic of recordedTopics()) expect(readRecorded(topic).steps.length).toBeGreaterThan(0);
  });
});

describe('the form', () => {
  test('allows a step with an output, an error, or absent members', () => {
    const steps = [
      { output: { failures: [], tasks: [{ taskArn: '<any>', group: { $matches: '^family:' } }] } },
      { error: { type: 'ClientException', message: '', resourceIds: ['${arn}'] } },
      { absent: ['tasks[0].containers[1].healthStatus'], until: true, keep: { arn: 'tasks[0].taskArn' } },
    ];
    expect(recordedFileFaults(fileOf(...steps.map(step)))).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['not an object', []],
    ['source must be a text', { steps: [step({ output: {} })] }],
    ['steps must be a list with a step', { source: 'a', steps: [] }],
    ['unknown member steps2', { ...fileOf(step({ output: {} })), steps2: [] }],
    ['unknown member outputs', fileOf(step({ output: {}, outputs: {} }))],
    ['has no output, error or absent', fileOf(step({}))],
    ['name must be a text', fileOf(step({ output: {}, name: '' }))],
    ['call must be an operation of the model', fileOf(step({ output: {}, call: 'DescribeTask' }))],
    ['input must be an object', fileOf(step({ output: {}, input: undefined }))],
    ['output must be an object', fileOf(step({ output: [] }))],
    ['error must be an object', fileOf(step({ error: 'ClientException' }))],
    ['error.type must be a text', fileOf(step({ error: { message: '' } }))],
    ['error.message must be a text', fileOf(step({ error: { type: 'ClientException' } }))],
    ['error: unknown member code', fileOf(step({ error: { type: 'a', message: 'b', code: 400 } }))],
    ['error excludes output', fileOf(step({ output: {}, error: { type: 'a', message: 'b' } }))],
    ['absent must be a list of paths', fileOf(step({ absent: [] }))],
    ['absent must be a list of paths', fileOf(step({ absent: ['tasks.[0]'] }))],
    ['keep must map names to paths', fileOf(step({ output: {}, keep: { 'an arn': 'tasks' } }))],
    ['keep must map names to paths', fileOf(step({ output: {}, keep: {} }))],
    ['until can only be true', fileOf(step({ output: {}, until: false }))],
    ['until is for calls that read', fileOf(step({ output: {}, until: true, call: 'RunTask' }))],
    ['$match: only', fileOf(step({ output: { group: { $match: 'a' } } }))],
    ['$matches, $not: only', fileOf(step({ output: { tasks: [{ $matches: 'a', $not: 'b' }] } }))],
    ['Invalid regular expression', fileOf(step({ output: { group: { $matches: '(' } } }))],
  ])('refuses: %s', (fault, file) => {
    expect(recordedFileFaults(file).join('\n')).toContain(fault);
  });
});

describe('a response', () => {
  const body = { tasks: [{ taskArn: 'arn:1', version: 1, tags: [] }], failures: [] };
  const ok: WireResponse = { status: 200, body };
  const refused: WireResponse = {
    status: 400,
    body: { __type: 'ClientException', message: 'No.', resourceIds: ['a'] },
  };

  test.each<[object, WireResponse]>([
    [{ output: { failures: [], tasks: [{ version: 1 }] } }, ok],
    [{ output: { tasks: [{ taskArn: { $matches: '^arn:' }, tags: '<any>' }] } }, ok],
    [{ absent: ['tasks[0].group', 'nextToken'] }, ok],
    [{ error: { type: 'ClientException', message: 'No.', resourceIds: ['a'] } }, refused],
  ])('matches %j', (members, response) => {
    expect(responseFaults(step(members) as RecordedStep, response)).toEqual([]);
  });

  test.each<[string, object, WireResponse]>([
    ['tasks[0].version:\n  expected 2\n  actual   1', { output: { tasks: [{ version: 2 }] } }, ok],
    ['expected "1"\n  actual   1', { output: { tasks: [{ version: '1' }] } }, ok],
    ['tasks:\n  expected []', { output: { tasks: [] } }, ok],
    ['tasks[0].tags[0]', { output: { tasks: [{ tags: [{}] }] } }, { status: 200, body: { tasks: [{ tags: [1] }] } }],
    ['tasks[0].group: expected a value', { output: { tasks: [{ group: '<any>' }] } }, ok],
    ['actual   nothing', { output: { tasks: [{ group: { $matches: '' } }] } }, ok],
    ['expected {}\n  actual   nothing', { output: { service: {} } }, ok],
    ['tasks[0].tags: expected nothing, got []', { absent: ['tasks[0].tags'] }, ok],
    ['nothing is there', { absent: ['tasks[1].tags'] }, ok],
    ['expected success, got 400', { output: {} }, refused],
    ['expected success, got 400', { absent: ['tasks'] }, refused],
    ['got success', { error: { type: 'ClientException', message: 'No.' } }, ok],
    ['__type', { error: { type: 'ClusterNotFoundException', message: 'No.' } }, refused],
    ['message', { error: { type: 'ClientException', message: 'No' } }, refused],
    ['resourceIds', { error: { type: 'ClientException', message: 'No.', resourceIds: [] } }, refused],
  ])('differs: %s', (fault, members, response) => {
    expect(responseFaults(step(members) as RecordedStep, response).join('\n')).toContain(fault);
  });
});

describe('a file', () => {
  const played = (...steps: readonly object[]) => {
    const inputs: object[] = [];
    const call = (_: string, input: object) => {
      inputs.push(input);
      return Promise.resolve({ status: 200, body: { n: inputs.length, text: `a.b ${inputs.length}` } });
    };
    return playRecorded('topic-name', fileOf(...steps.map(step)) as RecordedFile, call).then(() => inputs);
  };

  test('hands on what a step keeps, with its type where it stands alone', async () => {
    const inputs = await played(
      { output: {}, input: { name: '${topic}-1' }, keep: { n: 'n', text: 'text' } },
      { input: { n: '${n}', text: 'it is ${n}' }, output: { n: 2, text: { $matches: '^a.b 2$' } } },
    );
    expect(inputs).toEqual([{ name: 'topic-name-1' }, { n: 1, text: 'it is 1' }]);
    const pattern = { output: { text: { $matches: '^${text}$' } } };
    await expect(played({ output: {}, keep: { text: 'text' } }, pattern)).rejects.toThrow(String.raw`"^a\\.b 1$"`);
  });

  test('repeats a read until it matches', async () => {
    expect(await played({ output: { n: 3 }, until: true })).toHaveLength(3);
  });

  test('stops at the first step that differs and names it', async () => {
    await expect(played({ output: { n: 2 }, name: 'a look' }, { output: {} })).rejects.toThrow(
      'step 1, DescribeTasks: a look\nn:\n  expected 2\n  actual   1',
    );
    await expect(played({ output: {}, input: { a: '${b}' } })).rejects.toThrow('nothing has been kept as b');
    await expect(played({ output: {}, keep: { b: 'b' } })).rejects.toThrow('b: nothing to keep');
  });
});
