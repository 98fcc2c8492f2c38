/** As much of the program's schema as the page needs, with its names and nullability. */
export const SCHEMA = `
  scalar SafeInt
  type Query { accounts(first: Int): AccountConnection! }
  type AccountConnection { nodes: [Account!]! }
  type Account { accountId: ID!, categories: [String!]!, subscriberCount: SafeInt!, growth: Growth! }
  type Growth { percent: Float }
`

export const QUERY =
  'query Page { accounts(first: 50) { nodes { accountId categories subscriberCount growth { percent } } } }'
