import { hash } from 'node:crypto';

/** As 64 lower-case hex digits. */
export function sha256(text: string): string {
  return hash('sha256', text);
}

/** Short, against damage and not against forgery: who can write the file can remove it as well. */
const CHECKSUM_CHARACTERS = 16;

export function checksum(text: string): string {
  return sha256(text).slice(0, CHECKSUM_CHARACTERS);
}
