import type { PartOfInstallation, Picture, PictureCell } from '#libs/kernel';
import { auditedContexts } from '../journal/contexts.ts';
import { momentText } from '../moment/moment.ts';
import { tableText } from '../shell/output.ts';
import type { ShardAsOf } from './shard-as-of.ts';

/** A picture, and whose it is. */
export interface NamedPicture {
  readonly picture: Picture;
  /** The context whose shards show it. */
  readonly context: string;
  readonly part: PartOfInstallation;
}

const PICTURES: readonly NamedPicture[] = auditedContexts.flatMap(({ context, audit }) =>
  audit.pictures.map((picture) => ({ picture, context: context.name, part: audit.part })),
);

/** What `waybill at` can show. */
export const PICTURE_NAMES: readonly string[] = PICTURES.map(({ picture }) => picture.name);

export function pictureNamed(name: string): NamedPicture {
  const found = PICTURES.find(({ picture }) => picture.name === name);
  if (found === undefined) throw new Error(`there is no picture of ${name}`);
  return found;
}

/** The API's own objects, below the member that it lists them by. */
export function wireOf(
  { picture }: NamedPicture,
  folds: readonly ShardAsOf[],
  all: boolean,
): Readonly<Record<string, unknown>> {
  return { [picture.member]: folds.flatMap(({ views, shard }) => picture.outputs(views, shard, all)) };
}

/** A table with the part of the installation of each row where there are several. */
export function tableOf({ picture, part }: NamedPicture, folds: readonly ShardAsOf[], all: boolean): string {
  const rowsOf = ({ views, shard }: ShardAsOf) =>
    picture.rows(views, shard, all).map((row) => row.map((cell) => cellOf(cell)));
  if (picture.namesPart || folds.length === 1) return tableText(picture.headings, folds.flatMap(rowsOf));
  return tableText(
    [part.noun, ...picture.headings],
    folds.flatMap((fold) => rowsOf(fold).map((row) => [part.of(fold.shard), ...row])),
  );
}

function cellOf(cell: PictureCell): string | number | null {
  return typeof cell === 'object' && cell !== null ? momentText(cell.ms) : cell;
}
