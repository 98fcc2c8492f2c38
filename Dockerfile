FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# From Node 22 on the driver brings its binaries with it: nothing has to be compiled.
RUN npm ci --omit=dev --ignore-scripts
COPY tsconfig.json schema.graphql ./
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
