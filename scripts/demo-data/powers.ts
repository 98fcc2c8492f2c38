/** 10^(1/2), 10^(1/4), 10^(1/8) ... */
const roots = Array.from({ length: 48 }, (_, index) => {
  let root = 10
  for (let halvings = 0; halvings <= index; halvings++) root = Math.sqrt(root)
  return root
})

/**
 * Ten to any power, made of square roots and products alone: these are rounded alike by every engine, while the last
 * bits of Math.pow and Math.exp differ, and the files must come out the same byte for byte.
 */
export function tenTo(exponent: number): number {
  const whole = Math.floor(exponent)
  let fraction = exponent - whole
  let product = 1
  for (const root of roots) {
    fraction *= 2
    if (fraction < 1) continue
    fraction -= 1
    product *= root
  }
  for (let step = 0; step < whole; step++) product *= 10
  for (let step = 0; step > whole; step--) product /= 10
  return product
}
