import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { evaluateExpression } from './evaluate.ts';
import { checkExpression } from './check.ts';
import { dependsOnTasks, EXPRESSION_CHARACTERS_MAX } from './expression.ts';
import type { Expression, ExpressionSubject } from './expression.ts';
import { EXPRESSIONS_CACHED_MAX, ExpressionCache } from './expression-cache.ts';
import { parseExpression } from './parse.ts';

const ATTRIBUTES: Readonly<Record<string, string>> = {
  'ecs.availability-zone': 'eu-west-1a',
  'ecs.instance-type': 't2.micro',
  stack: 'prod',
  label: 'blue (new)',
  size: '10',
  ssd: '',
};
const GROUPS = ['service:web', 'family:db'];

const subject: ExpressionSubject = {
  agentConnected: true,
  agentVersion: '1.85.0',
  ec2InstanceId: 'i-abcd1234',
  // 2018-06-18T22:28:28.500Z
  registeredAt: 1_529_360_908_500,
  runningTasksCount: 3,
  attribute: (name) => ATTRIBUTES[name],
  runsTaskGroup: (group) => GROUPS.includes(group),
  taskGroups: () => GROUPS,
};

const bare: ExpressionSubject = {
  ...subject,
  agentVersion: undefined,
  ec2InstanceId: undefined,
  registeredAt: undefined,
  taskGroups: () => [],
  runsTaskGroup: () => false,
};

function parsed(text: string): Expression {
  const expression = parseExpression(text);
  if (expression.kind === 'problem') throw new Error(`${text}: ${expression.message}`);
  return expression;
}

const truths: readonly (readonly [string, boolean])[] = [
  ['attribute:stack == prod', true],
  ['attribute:stack==prod', true],
  ['attribute:stack equals prod', true],
  ['attribute:stack != prod', false],
  ['attribute:stack not_equals test', true],
  ['attribute:absent == prod', false],
  ['attribute:absent != prod', false],
  ['not(attribute:absent == prod)', true],
  ['attribute:absent != prod or attribute:absent not_exists', true],
  ['attribute:ssd != prod', true],
  ['attribute:stack == Prod', false],
  ['attribute:stack exists', true],
  ['attribute:ssd exists', true],
  ['attribute:ssd == ""', true],
  ['attribute:absent exists', false],
  ['attribute:absent !exists', true],
  ['attribute:stack not_exists', false],
  ['attribute:stack in [test, prod]', true],
  ["attribute:stack in ['test','prod']", true],
  ['attribute:stack in [test]', false],
  ['attribute:stack !in [test, prod]', false],
  ['attribute:stack not_in [test]', true],
  ['attribute:absent not_in [test]', false],
  ['attribute:ecs.instance-type =~ t2.*', true],
  ['attribute:ecs.instance-type matches t2', false],
  ['attribute:ecs.instance-type !~ t2.*', false],
  ['attribute:ecs.instance-type not_matches m5.*', true],
  ['attribute:ecs.instance-type =~ "(t2|m5)\\.(micro|large)"', true],
  ['attribute:ecs.instance-type =~ [st]2.micro', true],
  ['attribute:ecs.instance-type =~ m5.*|t2.*', true],
  ['attribute:ecs.instance-type =~ (p[2,3]|t[2,3]|f[1]).*', true],
  ['attribute:ecs.instance-type =~ (p[2,3]|g[3,4]|f[1]).*', false],
  ['attribute:ecs.instance-type =~ t(2|3)\\.(micro|nano)', true],
  ['(attribute:ecs.instance-type =~ (t2|m5)\\..*) and attribute:stack == prod', true],
  ['not(attribute:ecs.instance-type =~ (t2|(m|c)5).*)', false],
  ['attribute:ecs.instance-type =~ (t2||m5).*&&attribute:stack==prod', true],
  ['attribute:label =~ blue.[()new]+', true],
  ['(attribute:label =~ blue.\\(new.)', true],
  ['attribute:label =~ blue.*\\)', true],
  ['attribute:absent =~ .*', false],
  ['attribute:absent !~ x', false],
  ['attribute:label == "blue (new)"', true],
  ["attribute:label == 'blue (new)'", true],
  ['attribute:size > 9', true],
  ['attribute:size greater_than 10', false],
  ['attribute:size >= 10', true],
  ['attribute:size greater_than_equal 11', false],
  ['attribute:size < 9', false],
  ['attribute:size less_than 11', true],
  ['attribute:size <= 10', true],
  ['attribute:size less_than_equal 9', false],
  ['attribute:size == 10.0', false],
  ['attribute:stack > alpha', true],
  ['attribute:absent > 1', false],
  ['agentConnected == true', true],
  ['agentConnected != true', false],
  ['agentConnected in [false]', false],
  ['agentVersion >= 1.9.0', true],
  ['agentVersion > 1.85', false],
  ['agentVersion == 1.85', true],
  ['agentVersion < 2.0.0', true],
  ['agentVersion <= 1.84.9', false],
  ['agentVersion exists', true],
  ['ec2InstanceId in [i-abcd1234, i-wxyz7890]', true],
  ["ec2InstanceId == 'i-abcd1234'", true],
  ['registeredAt > 2018-06-18', true],
  ['registeredAt < 2018-06-18', false],
  ['registeredAt == 2018-06-18T22:28:28Z', true],
  ['registeredAt == 2018-06-18T22:28:28', true],
  ['registeredAt == 2018-06-18T22:28:28.500Z', true],
  ['registeredAt == 2018-06-18T22:28:28.501Z', false],
  ['registeredAt == 2018-06-18T22:28:28+00:00', true],
  ['registeredAt == 2018-06-19T00:28:28+02:00', true],
  ['registeredAt == 2018-06-18T20:58:28-01:30', true],
  ['registeredAt <= 2018-06-18T22:28:27Z', false],
  ['runningTasksCount == 3', true],
  ['runningTasksCount greater_than 3', false],
  ['runningTasksCount <= 3', true],
  ['task:group == service:web', true],
  ['task:group == databases', false],
  ['task:group != service:web', false],
  ['task:group in [databases, family:db]', true],
  ['task:group =~ service:.*', true],
  ['task:group !~ cron:.*', true],
  ['task:group exists', true],
  ['not(task:group == databases)', true],
  ['not (attribute:stack == prod)', false],
  ['not attribute:stack == prod', false],
  ['!(attribute:stack == prod)', false],
  ['!attribute:stack == prod', false],
  ['not not attribute:stack == prod', true],
  ['attribute:stack in [a, prod] and not(task:group == databases)', true],
  ['attribute:stack==prod&&runningTasksCount==3', true],
  ['attribute:stack==test||runningTasksCount==3', true],
  ['  ( attribute:stack == prod )  ', true],
  // `and` binds tighter than `or`, whichever comes first.
  ['attribute:stack == prod or attribute:stack == a and attribute:stack == b', true],
  ['attribute:stack == a and attribute:stack == b or attribute:stack == prod', true],
  ['(attribute:stack == prod or attribute:stack == a) and attribute:stack == b', false],
  ['not attribute:stack == a and attribute:stack == prod', true],
];

describe('the cluster query language', () => {
  test.each(truths)('%s is %s', (text, truth) => {
    expect(evaluateExpression(parsed(text), subject)).toBe(truth);
  });

  test.each([
    ['agentVersion > 1.0', false],
    ['agentVersion !exists', true],
    ['registeredAt < 2099-01-01', false],
    ['registeredAt != 2018-06-18', false],
    ['agentVersion != 1.0', false],
    ['agentVersion exists', false],
    ['ec2InstanceId == i-abcd1234', false],
    ['ec2InstanceId not_in [i-abcd1234]', false],
    ['ec2InstanceId !~ i-.*', false],
    ['task:group exists', false],
    ['task:group != service:web', true],
  ] as const)('of an instance that lacks the fact, %s is %s', (text, truth) => {
    expect(evaluateExpression(parsed(text), bare)).toBe(truth);
  });

  test.each([
    ['', 'expected a subject', 0],
    ['stack == prod', 'expected a subject', 0],
    ['attribute: == prod', 'expected a subject', 0],
    ['attribute:stack', 'expected an operator', 15],
    ['attribute:stack = prod', 'expected an operator', 16],
    ['attribute:stack is prod', 'expected an operator', 16],
    ['attribute:stack constructor prod', 'expected an operator', 16],
    ['attribute:stack ==', 'expected a value', 18],
    ['attribute:stack == a b', 'expected "and", "or" or the end', 21],
    ['attribute:stack == "a', 'expected a value', 19],
    ['attribute:stack == (a)', 'expected a value', 19],
    ['attribute:stack in a', 'expected a list', 19],
    ['attribute:stack in []', 'expected a value', 20],
    ['attribute:stack in [a', 'expected "," or "]"', 21],
    ['attribute:stack in [a b]', 'expected "," or "]"', 22],
    ['attribute:stack exists now', 'expected "and", "or" or the end', 23],
    ['(attribute:stack exists', 'expected ")"', 23],
    ['attribute:stack exists)', 'expected "and", "or" or the end', 22],
    ['attribute:stack exists and', 'expected a subject', 26],
    ['attribute:stack exists or or', 'expected a subject', 26],
    ['agentConnected > true', 'operator > is not valid for agentConnected', 15],
    ['agentConnected == yes', 'expected true or false', 18],
    ['agentVersion =~ 1.*', 'operator =~ is not valid for agentVersion', 13],
    ['agentVersion > new', 'expected a version', 15],
    ['runningTasksCount == many', 'expected a whole number', 21],
    ['runningTasksCount in [1]', 'operator in is not valid for runningTasksCount', 18],
    ['registeredAt > yesterday', 'expected a date', 15],
    ['registeredAt > 2018-02-30', 'expected a date', 15],
    ['registeredAt > 2018-06-18T25:00:00Z', 'expected a date', 15],
    ['task:group > a', 'operator > is not valid for task:group', 11],
    ['attribute:stack =~ "a("', 'not a usable pattern', 19],
    ['attribute:stack =~ (a', 'not a usable pattern: missing closing )', 19],
    ['attribute:stack =~ (a b)', 'not a usable pattern', 19],
    ['attribute:stack =~ a)', 'expected "and", "or" or the end', 20],
    ['(attribute:stack =~ (a|b)', 'expected ")"', 25],
    ['attribute:stack =~ ', 'expected a value', 19],
    ['attribute:stack =~ )', 'expected a value', 19],
  ])('%j is refused: %s', (text, message, position) => {
    expect(parseExpression(text)).toEqual({
      kind: 'problem',
      message: expect.stringContaining(message),
      position,
    });
    expect(checkExpression(text)).toContain(`at character ${position}`);
  });

  test('an expression has at most 2,000 characters and is nested at most 64 deep', () => {
    const long = `attribute:stack == ${'a'.repeat(EXPRESSION_CHARACTERS_MAX)}`;
    expect(checkExpression(long)).toBe('longer than 2000 characters');
    expect(checkExpression(long.slice(0, EXPRESSION_CHARACTERS_MAX))).toBeNull();
    expect(checkExpression(`${'('.repeat(900)}attribute:a exists${')'.repeat(900)}`)).toContain('nested too deep');
    expect(checkExpression(`${'!'.repeat(1900)}attribute:a exists`)).toContain('nested too deep');
    expect(checkExpression(`${'('.repeat(60)}attribute:a exists${')'.repeat(60)}`)).toBeNull();
  });

  test('the patterns of an expression are bounded together', () => {
    const some = (count: number): string => Array(count).fill('attribute:a =~ a{200}').join(' or ');
    expect(checkExpression(some(5))).toBeNull();
    expect(checkExpression(`not(${some(6)})`)).toContain('its patterns are too large together');
  });

  test('any text at all is either an expression or a problem', () => {
    const pieces = fc.constantFrom(...truths.flatMap(([text]) => text.split(/\b/)), '(', ')', ' ', '"', "'", '\\', '[');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((some) => some.join('')),
        ),
        (text) => {
          const result = parseExpression(text);
          if (result.kind === 'problem') expect(result.position).toBeLessThanOrEqual(text.length);
          else expect(typeof evaluateExpression(result, subject)).toBe('boolean');
        },
      ),
    );
  });

  test('and, or, not and parentheses mean what they mean', () => {
    interface Sample {
      readonly text: string;
      readonly truth: boolean;
      /** 0: or, 1: and, 2: a term. */
      readonly tightness: 0 | 1 | 2;
    }
    const closed = ({ text, tightness }: Sample, atLeast: number): string => (tightness < atLeast ? `(${text})` : text);
    const { expression } = fc.letrec<{ expression: Sample }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc
          .constantFrom(...truths.filter(([text]) => !/not|!|and|or|&|\|/.test(text)))
          .map(([text, truth]): Sample => ({ text, truth, tightness: 2 })),
        fc
          .tuple(tie('expression'), fc.constantFrom('not ', '!', ' ! '))
          .map(([inner, not]): Sample => ({ text: `${not}${closed(inner, 2)}`, truth: !inner.truth, tightness: 2 })),
        fc.tuple(tie('expression'), tie('expression'), fc.constantFrom(' and ', ' && ')).map(([a, b, and]): Sample => ({
          text: `${closed(a, 1)}${and}${closed(b, 1)}`,
          truth: a.truth && b.truth,
          tightness: 1,
        })),
        fc
          .tuple(tie('expression'), tie('expression'), fc.constantFrom(' or ', ' || '))
          .map(([a, b, or]): Sample => ({ text: `${a.text}${or}${b.text}`, truth: a.truth || b.truth, tightness: 0 })),
      ),
    }));
    fc.assert(
      fc.property(
        expression.filter(({ text }) => text.length <= EXPRESSION_CHARACTERS_MAX),
        ({ text, truth }) => expect(evaluateExpression(parsed(text), subject)).toBe(truth),
      ),
    );
  });

  test('knows which answers change while tasks come and go', () => {
    expect(dependsOnTasks(parsed('attribute:a exists and agentVersion > 1'))).toBe(false);
    expect(dependsOnTasks(parsed('attribute:a exists and not(task:group == b)'))).toBe(true);
    expect(dependsOnTasks(parsed('runningTasksCount == 0 or attribute:a exists'))).toBe(true);
  });

  test('the cache forgets the oldest expression first and compiles each once', () => {
    const cache = new ExpressionCache();
    const [first, second] = [cache.get('attribute:a0 exists'), cache.get('attribute:a1 exists')];
    for (let i = 2; i <= EXPRESSIONS_CACHED_MAX; i++) cache.get(`attribute:a${i} exists`);
    expect(cache.get('attribute:a1 exists')).toBe(second);
    expect(cache.get('attribute:a0 exists')).not.toBe(first);
    expect(cache.get('nonsense').expression).toBeNull();
  });
});
