import { ingestionProcessOf } from '../../support/program/children.ts'

/** Does something while the ingestion process of this test stands still: however fast it is, it is not done before. */
export async function whileHeld<Result>(work: () => Promise<Result>): Promise<Result> {
  const pid = ingestionProcessOf(process.pid)!
  process.kill(pid, 'SIGSTOP')
  const working = work()
  // What was said to it by now is the first that it hears.
  await new Promise(resolve => setTimeout(resolve, 50))
  process.kill(pid, 'SIGCONT')
  return working
}
