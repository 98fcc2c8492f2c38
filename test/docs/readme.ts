import { readFileSync } from 'node:fs'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

export interface Block {
  readonly language: string
  readonly text: string
}

/** The fenced blocks of the README, in order. */
export function blocks(): Block[] {
  return [...README.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!.trim(),
  }))
}

/** Each GraphQL document with the answer printed below it. */
export function documentsWithAnswers(): { document: string; answer: unknown }[] {
  const all = blocks()
  return all.flatMap((block, index) => {
    if (block.language !== 'graphql') return []
    const next = all[index + 1]
    if (next?.language !== 'json') throw new Error(`no answer is printed below ${block.text}`)
    return [{ document: block.text, answer: JSON.parse(next.text) }]
  })
}

/** The lines of all shell blocks. */
export function commands(): string[] {
  return blocks()
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
}

/**
 * What the README would print of an answer: a list longer than the printed one is cut as that one is, down to the
 * words "… n more" at its end.
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
