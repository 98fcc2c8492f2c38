/** A document of `levels` short fragments, each of which spreads the next one twice: 2^levels selections. */
export function bomb(levels: number, type = 'Query'): string {
  const fragments = Array.from({ length: levels }, (_, n) => `fragment F${n} on ${type}{...F${n + 1} ...F${n + 1}}`)
  const root = type === 'Query' ? '{...F0}' : `${type.toLowerCase()}{...F0}`
  return `${root}${fragments.join('')}fragment F${levels} on ${type}{__typename}`
}
