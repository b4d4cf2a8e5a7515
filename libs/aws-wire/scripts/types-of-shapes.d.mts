import type { ShapeDocument } from '#libs/kernel';

export function typesOf(document: ShapeDocument): string;
