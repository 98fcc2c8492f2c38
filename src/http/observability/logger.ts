import { type Logger, pino, stdTimeFunctions } from 'pino'

/** Paths of credentials, in case a header ever gets into a log entry. */
const SECRETS = ['authorization', 'cookie', 'token'].flatMap(name => [name, `*.${name}`, `*.*.${name}`])

/** Characters that control a terminal or reverse text, and that JSON does not escape. */
const CONTROL_CHARACTERS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Returns a logger that writes one JSON object a line, in which no text of a client can control a terminal. */
export function createLogger(level: string, destination: { write(line: string): unknown }): Logger {
  const escapingStream = {
    write: (line: string) => void destination.write(line.replace(CONTROL_CHARACTERS, unicodeEscape)),
  }
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS, censor: '[secret]' },
  }
  return pino(options, escapingStream)
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
