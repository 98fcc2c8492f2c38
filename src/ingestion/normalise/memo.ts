/** Entries kept: far more than a file has distinct dates or tags, and small enough for a file that has millions. */
const MAX_ENTRIES = 1 << 16
/** Longer texts are seldom repeated, and would fill the memory. */
const MAX_KEY_LENGTH = 1024

/** Remembers what a pure reader made of text and big integers, the cells that are dear to read and often repeated. */
export function memoise<Value>(read: (cell: unknown) => Value): (cell: unknown) => Value {
  const known = new Map<unknown, Value>()
  return cell => {
    if (typeof cell === 'string' ? cell.length > MAX_KEY_LENGTH : typeof cell !== 'bigint') return read(cell)
    const found = known.get(cell)
    if (found !== undefined) return found
    const value = read(cell)
    if (known.size === MAX_ENTRIES) known.clear()
    known.set(cell, value)
    return value
  }
}
