import { visible } from '../shell/terminal.ts';

/** One thing that is wrong with the log. Positions are those of the journal, revisions those of a shard. */
export type Finding =
  /** A message that no writer put there. */
  | {
      readonly kind: 'foreign';
      readonly position: number;
      readonly subject: string;
      readonly bytes: number;
      readonly shard: string | null;
    }
  /** Positions at which nothing can be read. */
  | { readonly kind: 'lost'; readonly from: number; readonly to: number }
  /** The chain of a shard breaks there; what follows in this shard was not checked. */
  | {
      readonly kind: 'broken';
      readonly shard: string;
      readonly position: number;
      readonly revision: number;
      readonly why: string;
    }
  /** The witness knows a newer commit than the log has, or another one. */
  | { readonly kind: 'contradicted'; readonly shard: string; readonly why: string }
  /** The stream has settings with which commits can be lost. */
  | { readonly kind: 'unfit'; readonly why: string };

/** What was found in a log. */
export interface Examination {
  readonly commits: number;
  readonly shards: number;
  readonly findings: readonly Finding[];
}

/** What it is and where, in one line. */
export function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'foreign': {
      const { position, subject, bytes, shard } = finding;
      const effect = shard === null ? 'readers skip it' : `shard ${shard} has no writer because of it`;
      return `position ${position}: a message of ${bytes} bytes on ${visible(subject)} is not a commit; ${effect}`;
    }
    case 'lost': {
      const { from, to } = finding;
      return `position ${from === to ? from : `${from} to ${to}`}: cannot be read any more`;
    }
    case 'broken': {
      const { position, revision, shard, why } = finding;
      return `position ${position}: commit ${revision} of shard ${shard} breaks the chain: ${visible(why)}`;
    }
    case 'contradicted':
      return visible(finding.why);
    case 'unfit':
      return `the stream's settings: ${finding.why}`;
  }
}

/** What to do about all of them, in lines. */
export function remedies(findings: readonly Finding[], storeFolder: string | null): readonly string[] {
  const kinds = new Set(findings.map(({ kind }) => kind));
  const where = storeFolder === null ? 'of nats-server' : `in ${storeFolder}`;
  const lines: string[] = [];
  if (kinds.has('foreign')) {
    lines.push(
      'messages that are not commits: stop Waybill and run `waybill doctor --repair`; every commit is kept, and so is the old store',
    );
  }
  if (kinds.has('lost') || kinds.has('broken')) {
    lines.push(
      `commits that are lost or damaged: nothing but a copy has them. Stop Waybill, keep the files ${where} as they are, and restore the store from a backup or a mirror`,
    );
  }
  if (kinds.has('contradicted')) {
    lines.push(
      'a lost end: restore the store from a copy. To accept the loss instead, move the folder `witness` of the data folder away; what was acknowledged there is then gone, and its revisions are given out again',
    );
  }
  if (kinds.has('unfit'))
    lines.push('settings: make the stream again from a copy; the control plane refuses it as it is');
  return lines;
}
