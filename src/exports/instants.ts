/** More than the instants of many drops; past it an export has one for nearly every account, and starts over. */
const MAX_KNOWN = 10_000

/** Instants as RFC 3339 text in UTC. An export has few, each many times. */
export function instantTexts(): (instant: number) => string {
  const known = new Map<number, string>()
  return instant => {
    const found = known.get(instant)
    if (found !== undefined) return found
    const text = new Date(instant).toISOString()
    if (known.size === MAX_KNOWN) known.clear()
    known.set(instant, text)
    return text
  }
}
