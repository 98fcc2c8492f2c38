/** Accounts are measured in drops: everybody who takes part in a drop carries its one instant. */
export type Drop = number

export const DAY = 86_400_000
const START = Date.UTC(2022, 7, 21)

/** Days since the first day of the demo data, with a fraction. Curves are drawn over it. */
export const dayOf = (instant: number): number => (instant - START) / DAY

export const isoOf = (instant: number): string => new Date(instant).toISOString().slice(0, 19)

const utc = (month: number, day: number, hour: number, minute: number, second: number): Drop =>
  Date.UTC(2024, month - 1, day, hour, minute, second)

/** 46 drops, sixteen days apart give or take three, in order, from 2022-08-21 to 2024-08-19. */
export const sampleDrops: readonly Drop[] = Array.from({ length: 46 }, (_, number) => {
  const wobble = number === 0 ? 0 : ((number * 29) % 7) - 3
  const second = 8_000 + ((number * 31_337) % 70_000)
  return START + Math.floor(number * 16.2 + wobble) * DAY + second * 1000
})

/** The instants at which the later drops were measured, by their place in time. */
export const laterDrops = [
  utc(8, 22, 18, 44, 51),
  utc(9, 3, 5, 41, 11),
  utc(9, 12, 1, 25, 34),
  utc(9, 24, 2, 6, 58),
  utc(10, 5, 12, 34, 12),
  utc(10, 24, 1, 11, 26),
  utc(11, 2, 16, 20, 3),
  utc(11, 13, 13, 46, 13),
  utc(11, 19, 3, 12, 35),
  utc(11, 26, 8, 39, 14),
] as const satisfies readonly Drop[]

/** Drops do not arrive in the order in which they were measured, and nothing may depend on it. */
export const laterDropsAsTheyArrived: readonly number[] = [0, 2, 5, 1, 3, 4, 7, 9, 8, 6]

/** The newest instant of all: one calendar month before it lies between the sixth and the seventh later drop. */
export const LAST_DAY = dayOf(laterDrops[9])
