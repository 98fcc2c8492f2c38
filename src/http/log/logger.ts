import { type Logger, pino, stdTimeFunctions } from 'pino'

/** Where a credential would stand if a header ever came into a line. */
const SECRETS = ['authorization', 'cookie', 'token'].flatMap(name => [name, `*.${name}`, `*.*.${name}`])

/** What moves a cursor, rings a bell or turns text round, and JSON leaves as it is. */
const HARMFUL = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * Writes one JSON object a line. Nothing that a client has sent can get out of its string: JSON escapes the control
 * characters of ASCII, and the others are escaped here.
 */
export function createLogger(level: string, destination: { write(line: string): unknown }): Logger {
  const safe = { write: (line: string) => void destination.write(line.replace(HARMFUL, escaped)) }
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS, censor: '[secret]' },
  }
  return pino(options, safe)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
