import { join } from 'node:path'
import { usePrograms } from '../support/program/programs.ts'
import { Campaign } from './support/campaign.ts'
import { SEED } from './support/random.ts'
import { expectUndisturbed } from './support/undisturbed.ts'

const programs = usePrograms()

/** A kill takes one to three seconds, with all that is looked at after it: FAULTS_KILLS asks for more. */
const KILLS = Number(process.env.FAULTS_KILLS ?? 25)
/** Rows of the drops: from those that are over before the kill comes to those that are caught in the middle. */
const SIZES = Array.from({ length: KILLS }, (_, drop) => [10_000, 5_000, 200, 20_000, 10_000, 1_000][drop % 6]!)

test(`${KILLS} kills at random moments leave nothing in part and lose nothing (seed ${SEED})`, async () => {
  const campaign = new Campaign(programs, await programs.folder(), SEED)
  const drops = await campaign.run(SIZES)
  const paths = drops.map(drop => join(campaign.cwd, 'data', drop))
  await expectUndisturbed(programs, campaign.database, paths)
  // Kills that all come too late would prove nothing.
  expect(campaign.interrupted).toBeGreaterThan(KILLS / 10)
})
