export function median(values) {
  return quantile(values, 0.5)
}

/** Linear between the two values that it lies between. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

/** Medians of the fields of some results, where these are numbers. */
export function medians(results) {
  const fields = Object.keys(results[0]).filter(field => typeof results[0][field] === 'number')
  return Object.fromEntries(fields.map(field => [field, median(results.map(result => result[field]))]))
}
