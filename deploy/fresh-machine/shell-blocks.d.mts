export function shellBlocks(markdown: string, heading: string): string[];
