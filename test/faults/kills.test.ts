import { join } from 'node:path'
import { usePrograms } from '../support/program/programs.ts'
import { Campaign } from './support/campaign.ts'
import { SEED } from './support/random.ts'
import { expectUndisturbed } from './support/undisturbed.ts'

const programs = usePrograms()

/** Rows of the drops. */
const SIZES = [10_000, 5_000, 200, 10_000, 10_000, 20_000, 5_000, 200]

// FAULTS_SEED repeats it, but for what the machine does meanwhile. More are in kills.long.test.ts.
test(`kills at random moments leave nothing in part and lose nothing (seed ${SEED})`, async () => {
  const campaign = new Campaign(programs, await programs.folder(), SEED)
  const drops = await campaign.run(SIZES)
  const paths = drops.map(drop => join(campaign.cwd, 'data', drop))
  await expectUndisturbed(programs, campaign.database, paths)
})
