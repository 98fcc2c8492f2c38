import config from './jest.config.mjs'

/**
 * What takes minutes: campaigns of faults, of damaged files and of time. The rest is `npm test`.
 *
 * @type {import('jest').Config}
 */
export default {
  ...config,
  testMatch: ['**/*.long.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
}
