/** The longest category name that is stored, in code points. */
export const MAX_CATEGORY_CODE_POINTS = 100

/**
 * In UTF-16 units. A code point decomposes into at most four, and into no fewer once it is lower case, so a name of more
 * than 4 × 100 code points is too long in every spelling.
 */
const MAX_NORMALIZED_UNITS = 2 * (4 * MAX_CATEGORY_CODE_POINTS)

/**
 * Returns a category name as it is stored: trimmed, inner white space collapsed, Unicode NFC. A name that is far too long
 * is truncated to a length that is still too long, because NFC takes quadratic time for a run of combining marks.
 */
export function normalizeCategory(name: string): string {
  return collapseWhiteSpace(name, MAX_NORMALIZED_UNITS).normalize('NFC')
}

/** Returns the form by which category names are compared: normalized and in lower case. */
export function foldCategory(name: string): string {
  return normalizeCategory(name).toLowerCase().normalize('NFC')
}

const SPACE = 0x20
/** The white space of JavaScript's `\s` and `trim` above U+00FF. */
const WHITE_SPACE_ABOVE_LATIN_1: ReadonlySet<number> = new Set([
  0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029,
  0x202f, 0x205f, 0x3000, 0xfeff,
])

/**
 * Trims `text` and replaces each run of white space by one space, in one pass. A regular expression would allocate an
 * entry for every match, of which a hostile text has millions.
 *
 * @param maxUnits stops once the result has more UTF-16 units than this
 */
export function collapseWhiteSpace(text: string, maxUnits = Number.POSITIVE_INFINITY): string {
  let collapsed = ''
  let at = 0
  while (collapsed.length <= maxUnits) {
    while (at < text.length && isWhiteSpace(text.charCodeAt(at))) at++
    if (at === text.length) break
    const start = at
    while (at < text.length && at - start <= maxUnits && !isWhiteSpace(text.charCodeAt(at))) at++
    const word = text.slice(start, at)
    collapsed = collapsed === '' ? word : `${collapsed} ${word}`
  }
  return collapsed
}

function isWhiteSpace(unit: number): boolean {
  if (unit < 0x80) return unit === SPACE || (unit >= 0x09 && unit <= 0x0d)
  return unit === 0xa0 || (unit >= 0x1680 && WHITE_SPACE_ABOVE_LATIN_1.has(unit))
}
