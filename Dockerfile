FROM node:24-bookworm-slim AS build
# Only where better-sqlite3 has no prebuilt binary for this Node does it compile.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY tsconfig.json tsconfig.build.json schema.graphql ./
COPY scripts/build.mjs scripts/
COPY drizzle drizzle
COPY src src
RUN node scripts/build.mjs

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json schema.graphql ./
COPY drizzle drizzle
COPY data/sample_accounts.parquet data/add_accounts.parquet data/
RUN chown -R node:node data
USER node
ENV HOST=0.0.0.0 PORT=4000
EXPOSE 4000
VOLUME /app/data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "serve"]
