import { page } from './tables.ts'

export interface Block {
  readonly language: string
  readonly text: string
}

/** A GraphQL document of a page, with the answer that is printed below it. */
export interface Example {
  readonly document: string
  readonly answer: unknown
}

/** Returns the fenced blocks of a page, in order. */
export function blocks(path: string): Block[] {
  return [...page(path).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!.trim(),
  }))
}

/** Returns the GraphQL documents of a page. Throws if no answer is printed below one of them. */
export function examples(path: string): Example[] {
  const all = blocks(path)
  return all.flatMap((block, index) => {
    if (block.language !== 'graphql') return []
    const next = all[index + 1]
    if (next?.language !== 'json') throw new Error(`no answer is printed below ${block.text}`)
    return [{ document: block.text, answer: JSON.parse(next.text) }]
  })
}

/** Returns the lines of all shell blocks of a page. */
export function commands(path: string): string[] {
  return blocks(path)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
}

/** Splits the arguments of a command after `--`. Quotes are the shell's single quotes. */
export function argumentsOf(command: string): string[] {
  return [...command.split(' -- ')[1]!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)
}

/**
 * Returns `actual` as a page would print it: a list longer than the printed one is cut in the same place and ends with
 * "… n more".
 */
export function cutLike(actual: unknown, printed: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(printed)) {
    const last: unknown = printed.at(-1)
    const isCut = typeof last === 'string' && /^… \d+ more$/.test(last)
    const kept = isCut ? printed.length - 1 : actual.length
    const shown = actual.slice(0, kept).map((item, index) => cutLike(item, printed[index]))
    return isCut ? [...shown, `… ${actual.length - kept} more`] : shown
  }
  if (isRecord(actual) && isRecord(printed)) {
    return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, cutLike(value, printed[key])]))
  }
  return actual
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
