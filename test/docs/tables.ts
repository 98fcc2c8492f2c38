import { readFileSync } from 'node:fs'

/** A page of the repository. */
export function page(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

/** The part of a page below a heading, down to the next of its rank. */
export function section(text: string, heading: string): string {
  const rank = heading.split(' ')[0]!
  const [, after] = text.split(`\n${heading}\n`)
  if (after === undefined) throw new Error(`there is no heading "${heading}"`)
  return after.split(`\n${rank} `)[0]!
}

/** The rows of the tables in a text, without their heads: the cells of each. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter(line => line.startsWith('|'))
  const cells = lines.map(line =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
  const isRule = (row: string[] | undefined) => row?.every(cell => /^:?-+:?$/.test(cell)) ?? false
  return cells.filter((row, index) => !isRule(row) && !isRule(cells[index + 1]))
}

/** What stands in code quotes. */
export function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
}
