const BLANK = 0x20
/** The others that JavaScript's `\s` and `trim` know, apart from those below U+0100. */
const RARE: ReadonlySet<number> = new Set([
  0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029,
  0x202f, 0x205f, 0x3000, 0xfeff,
])

/**
 * Trims a text and makes one blank of each run of white space in it, in one pass: a regular expression would keep a
 * place for every match, of which a hostile text has millions.
 *
 * @param most what comes out is broken off once it has more UTF-16 units than this
 */
export function collapseWhiteSpace(text: string, most = Number.POSITIVE_INFINITY): string {
  let collapsed = ''
  let at = 0
  while (collapsed.length <= most) {
    while (at < text.length && isWhite(text.charCodeAt(at))) at++
    if (at === text.length) break
    const start = at
    while (at < text.length && at - start <= most && !isWhite(text.charCodeAt(at))) at++
    const word = text.slice(start, at)
    collapsed = collapsed === '' ? word : `${collapsed} ${word}`
  }
  return collapsed
}

function isWhite(unit: number): boolean {
  if (unit < 0x80) return unit === BLANK || (unit >= 0x09 && unit <= 0x0d)
  return unit === 0xa0 || (unit >= 0x1680 && RARE.has(unit))
}
