import { barePatternLength } from './bare-pattern.ts';
import type { Comparison, Operand, Operator, Subject } from './expression.ts';
import { momentOf, versionComponents } from './operands.ts';
import { compilePattern } from './text-pattern.ts';
import type { Scanner } from './scanner.ts';

/** Every spelling of every operator: what it means and whether it is the negative one. */
const SPELLINGS: Readonly<Record<string, { readonly operator: Operator | 'in'; readonly negated: boolean }>> = {
  '==': { operator: 'equals', negated: false },
  equals: { operator: 'equals', negated: false },
  '!=': { operator: 'equals', negated: true },
  not_equals: { operator: 'equals', negated: true },
  '>': { operator: 'greater_than', negated: false },
  greater_than: { operator: 'greater_than', negated: false },
  '>=': { operator: 'greater_than_equal', negated: false },
  greater_than_equal: { operator: 'greater_than_equal', negated: false },
  '<': { operator: 'less_than', negated: false },
  less_than: { operator: 'less_than', negated: false },
  '<=': { operator: 'less_than_equal', negated: false },
  less_than_equal: { operator: 'less_than_equal', negated: false },
  exists: { operator: 'exists', negated: false },
  '!exists': { operator: 'exists', negated: true },
  not_exists: { operator: 'exists', negated: true },
  in: { operator: 'in', negated: false },
  '!in': { operator: 'in', negated: true },
  not_in: { operator: 'in', negated: true },
  '=~': { operator: 'matches', negated: false },
  matches: { operator: 'matches', negated: false },
  '!~': { operator: 'matches', negated: true },
  not_matches: { operator: 'matches', negated: true },
};

const ORDER: readonly string[] = ['greater_than', 'greater_than_equal', 'less_than', 'less_than_equal'];
const TEXT: readonly string[] = ['equals', 'in', 'matches', 'exists'];

/** Which operators ECS allows for which subject. */
const OPERATORS_OF: Readonly<Record<Subject['name'], readonly string[]>> = {
  agentConnected: TEXT,
  agentVersion: ['equals', 'exists', ...ORDER],
  attribute: [...TEXT, ...ORDER],
  ec2InstanceId: TEXT,
  registeredAt: ['equals', 'exists', ...ORDER],
  runningTasksCount: ['equals', 'exists', ...ORDER],
  'task:group': TEXT,
};

const SUBJECT = /[^\s=!<>~()[\],&|'"]+/y;
const OPERATOR = /==|!=|>=|<=|=~|!~|>|<|!?[a-z_]+/y;
/** Only the quote itself is escaped by a backslash: in patterns all other backslashes have their own meaning. */
const QUOTED = /'((?:[^'\\]|\\'|\\(?!'))*)'|"((?:[^"\\]|\\"|\\(?!"))*)"/y;
/** Up to white space, a parenthesis or a symbol that joins comparisons. */
const BARE = /(?:(?!&&|\|\|)[^\s()'"])+/y;
const BARE_IN_LIST = /[^\s,\]()'"]+/y;

const SUBJECT_EXPECTED = 'expected a subject (attribute:NAME, task:group, agentConnected, …)';

/** Reads `subject operator [argument]`. */
export class ComparisonReader {
  readonly #scanner: Scanner;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  read(): Comparison {
    const subject = this.#subject();
    const found = this.#scanner.take(OPERATOR);
    const spelling = found !== null && Object.hasOwn(SPELLINGS, found[0]) ? SPELLINGS[found[0]] : undefined;
    if (found === null) throw this.#scanner.fault('expected an operator');
    if (spelling === undefined) throw this.#scanner.faultOfTaken('expected an operator');
    if (!OPERATORS_OF[subject.name].includes(spelling.operator)) {
      throw this.#scanner.faultOfTaken(`operator ${found[0]} is not valid for ${subject.name}`);
    }
    const operator = spelling.operator === 'in' ? 'equals' : spelling.operator;
    const operands = this.#texts(spelling.operator).map((text) => this.#operand(subject, operator, text));
    return { kind: 'comparison', subject, operator, negated: spelling.negated, operands };
  }

  #subject(): Subject {
    const name = this.#scanner.take(SUBJECT)?.[0];
    switch (name) {
      case 'agentConnected':
      case 'agentVersion':
      case 'ec2InstanceId':
      case 'registeredAt':
      case 'runningTasksCount':
      case 'task:group':
        return { name };
      default:
        if (name?.startsWith('attribute:') === true && name.length > 'attribute:'.length) {
          return { name: 'attribute', attribute: name.slice('attribute:'.length) };
        }
        throw name === undefined ? this.#scanner.fault(SUBJECT_EXPECTED) : this.#scanner.faultOfTaken(SUBJECT_EXPECTED);
    }
  }

  #texts(operator: Operator | 'in'): readonly string[] {
    switch (operator) {
      case 'exists':
        return [];
      case 'in':
        return this.#list();
      case 'matches':
        return [this.#value(() => this.#scanner.takeLength(barePatternLength))];
      default:
        return [this.#value(() => this.#bare(BARE))];
    }
  }

  #list(): readonly string[] {
    if (!this.#scanner.takeSymbol('[')) throw this.#scanner.fault('expected a list in square brackets');
    const texts = [this.#value(() => this.#bare(BARE_IN_LIST))];
    while (this.#scanner.takeSymbol(',')) texts.push(this.#value(() => this.#bare(BARE_IN_LIST)));
    if (!this.#scanner.takeSymbol(']')) throw this.#scanner.fault('expected "," or "]"');
    return texts;
  }

  #bare(pattern: RegExp): string | null {
    return this.#scanner.take(pattern)?.[0] ?? null;
  }

  #value(takeBare: () => string | null): string {
    const quoted = this.#scanner.take(QUOTED);
    if (quoted?.[1] !== undefined) return quoted[1].replaceAll(String.raw`\'`, "'");
    if (quoted?.[2] !== undefined) return quoted[2].replaceAll(String.raw`\"`, '"');
    const found = takeBare();
    if (found === null) throw this.#scanner.fault('expected a value');
    return found;
  }

  #operand(subject: Subject, operator: Operator, text: string): Operand {
    if (operator === 'matches') {
      const pattern = compilePattern(text);
      if ('problem' in pattern) throw this.#scanner.faultOfTaken(`not a usable pattern: ${pattern.problem}`);
      return { kind: 'pattern', pattern };
    }
    switch (subject.name) {
      case 'agentConnected':
        if (text !== 'true' && text !== 'false') throw this.#scanner.faultOfTaken('expected true or false');
        return { kind: 'text', text };
      case 'runningTasksCount':
        if (!/^\d{1,9}$/.test(text)) throw this.#scanner.faultOfTaken('expected a whole number');
        return { kind: 'count', value: Number(text) };
      case 'registeredAt': {
        const moment = momentOf(text);
        if (moment === undefined) throw this.#scanner.faultOfTaken('expected a date like 2018-06-18T22:28:28Z');
        return { kind: 'moment', ...moment };
      }
      case 'agentVersion': {
        const components = /^v?[\d.]+$/.test(text) ? versionComponents(text) : undefined;
        if (components === undefined) throw this.#scanner.faultOfTaken('expected a version like 1.85.0');
        return { kind: 'version', components };
      }
      default:
        return { kind: 'text', text };
    }
  }
}
