import { isoText } from '../iso-text.ts';
import { epochSeconds, put, valueText } from './wire.ts';
import type { WireDraft } from './wire.ts';

/**
 * Where an entity's members go: into a wire object (`ObjectMembers`) or straight into the text of an event
 * (`TextMembers`). Each shape is written once, for both. Members without a value are left out.
 */
export interface Members {
  /** A text that needs no escapes in JSON: names that were checked, ARNs of them, statuses of ours. */
  word(name: string, value: string | null | undefined): void;
  /** Any text. */
  text(name: string, value: string | null | undefined): void;
  /** A number or a flag. */
  plain(name: string, value: number | boolean | null | undefined): void;
  /** ms since the epoch: epoch seconds on the wire, ISO 8601 in events. */
  moment(name: string, ms: number | null): void;
  /** A JSON value as it is. */
  value(name: string, value: unknown): void;
  /** A list of objects. */
  list<Item>(name: string, items: Iterable<Item>, write: (item: Item, members: Members) => void): void;
}

export class ObjectMembers implements Members {
  readonly draft: WireDraft = {};

  word(name: string, value: string | null | undefined): void {
    put(this.draft, name, value);
  }

  text(name: string, value: string | null | undefined): void {
    put(this.draft, name, value);
  }

  plain(name: string, value: number | boolean | null | undefined): void {
    put(this.draft, name, value);
  }

  moment(name: string, ms: number | null): void {
    if (ms !== null) this.draft[name] = epochSeconds(ms);
  }

  value(name: string, value: unknown): void {
    put(this.draft, name, value);
  }

  list<Item>(name: string, items: Iterable<Item>, write: (item: Item, members: Members) => void): void {
    this.draft[name] = Array.from(items, (item) => {
      const members = this.fresh();
      write(item, members);
      return members.draft;
    });
  }

  /** Takes the members of an item of a list. */
  protected fresh(): ObjectMembers {
    return new ObjectMembers();
  }
}

/** As ObjectMembers, here and in every list, without the members of one name. */
export class OmittingMembers extends ObjectMembers {
  readonly #omitted: string;

  constructor(omitted: string) {
    super();
    this.#omitted = omitted;
  }

  override text(name: string, value: string | null | undefined): void {
    if (name !== this.#omitted) super.text(name, value);
  }

  protected override fresh(): ObjectMembers {
    return new OmittingMembers(this.#omitted);
  }
}

// `"name":` of every member; there are some sixty.
const keys = new Map<string, string>();

function keyOf(name: string): string {
  let key = keys.get(name);
  if (key === undefined) {
    key = `"${name}":`;
    keys.set(name, key);
  }
  return key;
}

/** Pieces are joined once at the end: a text that grows piece by piece leaves a hundred halves to the collector. */
export class TextMembers implements Members {
  readonly #pieces: string[] = [];
  #separator = '{';

  /** The JSON text of the object. */
  finish(): string {
    this.#pieces.push(this.#separator === '{' ? '{}' : '}');
    return this.#pieces.join('');
  }

  word(name: string, value: string | null | undefined): void {
    if (value !== null && value !== undefined) this.#add(name, `"${value}"`);
  }

  text(name: string, value: string | null | undefined): void {
    if (value !== null && value !== undefined) this.#add(name, JSON.stringify(value));
  }

  plain(name: string, value: number | boolean | null | undefined): void {
    if (value !== null && value !== undefined) this.#add(name, String(value));
  }

  moment(name: string, ms: number | null): void {
    if (ms !== null) this.#add(name, `"${isoText(ms)}"`);
  }

  value(name: string, value: unknown): void {
    if (value !== null && value !== undefined) this.#add(name, valueText(value));
  }

  list<Item>(name: string, items: Iterable<Item>, write: (item: Item, members: Members) => void): void {
    this.#add(name, '[');
    let separator = '';
    for (const item of items) {
      this.#pieces.push(separator);
      this.#separator = '{';
      write(item, this);
      this.#pieces.push(this.#separator === '{' ? '{}' : '}');
      separator = ',';
    }
    this.#pieces.push(']');
    this.#separator = ',';
  }

  /** Members that were written before: the text between the braces. */
  written(members: string): void {
    if (members === '') return;
    this.#pieces.push(this.#separator, members);
    this.#separator = ',';
  }

  #add(name: string, text: string): void {
    this.#pieces.push(this.#separator, keyOf(name), text);
    this.#separator = ',';
  }
}

/** Members that depend on one object alone, which never changes: their text is written once, for all that share it. */
export function sharedMembers<Source extends object>(
  write: (source: Source, to: Members) => void,
): (source: Source, to: Members) => void {
  const texts = new WeakMap<Source, string>();
  return (source, to) => {
    if (!(to instanceof TextMembers)) return write(source, to);
    let text = texts.get(source);
    if (text === undefined) {
      const members = new TextMembers();
      write(source, members);
      text = members.finish().slice(1, -1);
      texts.set(source, text);
    }
    to.written(text);
  };
}
