import { invalidParameter, missing } from './answer.ts';
import type { Failure, Refused, QueryResult } from './answer.ts';
import { arnOf, nameIn } from './resolve-in-cluster.ts';
import type { NamedKind } from './resolve-in-cluster.ts';
import type { ResolvedCluster } from './resolve-cluster.ts';

/** How many things one describe may name, and how ECS says so. */
export interface DescribeLimit {
  readonly itemsMax: number;
  /** `<words> can have at most <n> items.` */
  readonly tooManyWords: string;
  /** `<words> cannot be empty.`; undefined: nothing named means something. */
  readonly emptyWords?: string;
}

export function checkCount(count: number, limit: DescribeLimit): Refused | undefined {
  if (count === 0 && limit.emptyWords !== undefined) return invalidParameter(`${limit.emptyWords} cannot be empty.`);
  if (count > limit.itemsMax)
    return invalidParameter(`${limit.tooManyWords} can have at most ${limit.itemsMax} items.`);
  return undefined;
}

/** What a describe answers: the things that are there under a member of their own, and the rest. */
export type Described<Member extends string, Output extends object> = {
  readonly [Name in Member]: readonly Output[];
} & {
  readonly failures: readonly Failure[];
};

/** One page of a list. */
export type Listed<Member extends string, Item = string> = { readonly [Name in Member]: readonly Item[] } & {
  readonly nextToken?: string;
};

/** What a describe of things in one cluster needs to know about their kind. */
export interface Describing<Member extends string, Output extends object> {
  readonly kind: NamedKind;
  readonly limit: DescribeLimit;
  /** The member of the answer that lists what was found. */
  readonly member: Member;
  /** The wire object of an id, or undefined when the view has none. */
  readonly describe: (id: string) => Output | undefined;
}

/**
 * Answers what is there and names what is not: a describe never fails for an unknown id. What is named
 * twice, by its id or by its ARN, is answered once.
 */
export function describeInCluster<Member extends string, Output extends object>(
  where: ResolvedCluster,
  texts: readonly string[],
  { kind, limit, member, describe }: Describing<Member, Output>,
): QueryResult<Described<Member, Output>> {
  const miscounted = checkCount(texts.length, limit);
  if (miscounted !== undefined) return miscounted;
  const found: Output[] = [];
  const failures: Failure[] = [];
  const named = new Set<string>();
  for (const text of texts) {
    const name = nameIn(where, kind, text);
    if ('rejection' in name) return name;
    const arn = arnOf(where, kind, name.value, text);
    if (named.has(arn)) continue;
    named.add(arn);
    const output = name.value.id === null ? undefined : describe(name.value.id);
    if (output === undefined) failures.push(missing(arn));
    else found.push(output);
  }
  // A computed member name is a string to the compiler, whatever it is called.
  return { value: { [member]: found, failures } as Described<Member, Output> };
}

/** A `nextToken` member where there is another page. */
export function nextTokenMember(page: { readonly nextToken?: string }): { readonly nextToken?: string } {
  return page.nextToken === undefined ? {} : { nextToken: page.nextToken };
}
