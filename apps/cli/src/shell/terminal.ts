/** Where a command's words go: answers to stdout, everything about the way to them to stderr. */
export interface Terminal {
  /** Whether a person reads stdout. */
  readonly isTty: boolean;
  /** A line, or several, without the last line feed. */
  out(text: string): void;
  err(text: string): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // `waybill history … | head` closes the pipe early: that is no failure of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return {
    isTty: stdout.isTTY === true,
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
  };
}

/**
 * Text from the log or from a container as one harmless line: control characters would let a stopped container's words
 * move the cursor of an auditor's terminal.
 */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return ' ';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
