/* Readers for members of Docker's answers and errors that dockerode has no types for. */

export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

export function listMember(value: unknown, name: string): readonly unknown[] {
  const list = member(value, name);
  return Array.isArray(list) ? list : [];
}

/** An empty text means absent. */
export function textMember(value: unknown, name: string): string | undefined {
  const text = member(value, name);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

export function numberMember(value: unknown, name: string): number | undefined {
  const number = member(value, name);
  return typeof number === 'number' ? number : undefined;
}

export function textsMember(value: unknown, name: string): string[] {
  return listMember(value, name).filter((item) => typeof item === 'string');
}

/** A member that is a map of texts, e.g. the attributes of an event. */
export function textMapMember(value: unknown, name: string): Record<string, string> {
  const map = member(value, name);
  if (typeof map !== 'object' || map === null) return {};
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(map)) if (typeof text === 'string') texts[key] = text;
  return texts;
}
