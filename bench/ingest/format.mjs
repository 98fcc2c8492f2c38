export function seconds(value) {
  return value === undefined ? '' : value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`
}

export function megabytes(bytes) {
  return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`
}

export function ratio(value) {
  return value.toFixed(2)
}

export function whole(value) {
  return Math.round(value).toLocaleString('en')
}

/** A Markdown table, its columns padded; all but the first are numbers. */
export function table(head, rows) {
  const cells = [head, ...rows].map(row => row.map(cell => String(cell ?? '')))
  const widths = head.map((_, column) => Math.max(3, ...cells.map(row => row[column].length)))
  const line = row =>
    `| ${row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join(' | ')} |`
  const rule = `| ${widths.map((width, at) => (at ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n')
}

/** @param rows each [what, limit in words, found in words, whether it is met] */
export function targets(rows) {
  return table(
    ['target', 'limit', 'found', 'met'],
    rows.map(([what, limit, found, isMet]) => [what, limit, found, isMet ? 'yes' : '**no**']),
  )
}
