/** A table as the program draws it: the first cell of each line -> the others. */
export function tableOf(text: string): Record<string, string[]> {
  const rows = text.split('\n').filter(line => line.startsWith('│'))
  const cells = rows.map(line =>
    line
      .split('│')
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
  return Object.fromEntries(cells.map(([label, ...values]) => [label, values]))
}
